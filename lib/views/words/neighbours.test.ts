import { describe, expect, it } from 'vitest';
import type { ProfileEntry } from '@/lib/fleet/schema';
import { sharedWords, startBlocker } from './neighbours';

const profile = (source_id: string, given: { service?: string; file?: string; schema?: string } = {}): ProfileEntry =>
  ({
    source_id,
    service: given.service ?? `sx-${source_id}`,
    source: { kind: 'sqlite-file', path: `/data/${given.file ?? source_id}.db` },
    target: { dsn_env: 'DSN', schema: given.schema ?? `sx_${source_id}` },
  }) as ProfileEntry;

describe('profiles that stand beside each other', () => {
  const a = profile('assets_1');
  const b = profile('assets-1', { schema: 'sx_assets_1' });
  const t4 = profile('team_4', { service: 'sx-team', file: 'team' });
  const t5 = profile('team_5', { service: 'sx-team', file: 'team' });
  const l6 = profile('library_6', { file: 'library' });
  const l7 = profile('library_7', { file: 'library' });
  const fleet = { profiles: [a, b, t4, t5, l6, l7] };

  it('says that a later profile cannot start where an earlier one has its schema, and lets the earlier one start', () => {
    expect(startBlocker(fleet, b)?.cause).toBe('schema sx_assets_1 already belongs to assets_1.');
    expect(startBlocker(fleet, a)).toBeNull();
  });
  it('lets profiles start that share a process or a file: they are switched together, or only their rows are moved', () => {
    expect([t4, l6].map((one) => startBlocker(fleet, one))).toEqual([null, null]);
  });
  it('says what is shared with whom', () => {
    expect([a, t4, l6].map((one) => sharedWords(fleet, one))).toEqual([
      null,
      'one process and one file with team_5',
      'one file with library_7',
    ]);
  });
});
