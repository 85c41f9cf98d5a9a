import { describe, expect, it } from 'vitest';
import type { FleetRowDto } from '@/lib/views/dto';
import { bySystem, filterQuery, filterWords, matches, readFilter } from './fleet-state';

const row = (over: Partial<FleetRowDto>): FleetRowDto =>
  ({
    system: 'sx',
    systemTitle: 'sx',
    sourceId: 'assets_1',
    title: null,
    group: 'source',
    groups: ['source'],
    mode: { declared: 'SQLITE', observed: 'SQLITE' },
    status: { headline: 'Source mode' },
    ...over,
  }) as FleetRowDto;
const filter = (query: string) => readFilter(new URLSearchParams(query));

describe('the filter of the fleet', () => {
  it('comes back from the URL as it went in, and forgets what it does not know', () => {
    const given = filter('q=assets+drift%3Ayes&system=sx&state=drift&by=system');
    expect(readFilter(new URLSearchParams(filterQuery(given)))).toEqual(given);
    expect(filter('state=toString&by=moon')).toEqual({ text: '', system: '', group: '', by: 'list' });
    expect(filterQuery(filter(''))).toBe('');
  });

  it('wants every word, keeps assets-1 and assets_1 apart and finds a mode', () => {
    expect(matches(row({}), filter('q=ASSETS_1+sqlite'))).toBe(true);
    expect(matches(row({}), filter('q=assets-1'))).toBe(false);
    expect(matches(row({}), filter('q=sqlite+postgres'))).toBe(false);
    expect(matches(row({ group: 'drift' }), filter('q=drift:yes'))).toBe(true);
    expect(matches(row({}), filter('q=drift:yes'))).toBe(false);
    expect(matches(row({}), filter('system=oris'))).toBe(false);
  });

  it('says what was asked for', () => {
    expect(filterWords(filter('q=a&state=on_target&system=sx'), 'sx videos')).toBe('a, on target, sx videos');
  });

  it('keeps the order of need within and among systems', () => {
    const rows = [
      row({ system: 'b', sourceId: '1' }),
      row({ system: 'a', sourceId: '2' }),
      row({ system: 'b', sourceId: '3' }),
    ];
    expect(bySystem(rows).map((group) => [group.system, group.rows.map(({ sourceId }) => sourceId)])).toEqual([
      ['b', ['1', '3']],
      ['a', ['2']],
    ]);
  });
});
