import { expect, it } from 'vitest';
import { readRunbook } from '@/lib/fleet/load';
import { decisionButton, type DecisionFacts, decisionLines, decisionTitle } from './decision';
import { badgeWords } from './badge';
import { inPlaceName, inPlaceTitle, inPlaceUndo, pressWords } from './in-place';
import { switchSentence } from './next';

const runbookOf = (name: string) => readRunbook(`lib/runbooks/${name}.yaml`, name).runbook;
const facts = (act: DecisionFacts['act']): DecisionFacts => ({
  act,
  sourceId: 'main',
  from: 'postgres',
  to: 'postgres',
  service: 'oris-main',
  schema: 'oris_runtime',
  stepTitle: 'Quiesce',
  neighbours: [],
  predictedMs: 40_000,
  measured: false,
  limitMs: 300_000,
  lossCount: null,
  lossMoves: true,
  keepDays: 90,
  inPlace: inPlaceName(runbookOf('oris-backup-restore')),
});

it('calls the press of a runbook that switches nothing by its sequence, and a switch a switch', () => {
  expect(inPlaceName(runbookOf('oris-backup-restore'))).toBe('Restore');
  expect(inPlaceName(runbookOf('oris-rehearsal'))).toBeNull();
  expect(inPlaceName(runbookOf('sx-postgres-primary'))).toBeNull();
});

it.each(['switch', 'rollback'] as const)(
  'says on the card of the %s what is done to the schema, and never "switch to"',
  (act) => {
    const card = [
      decisionTitle(facts(act)),
      decisionButton(facts(act)),
      ...decisionLines(facts(act)).map((line) => `${line.fact} ${line.detail}`),
    ];
    const text = card.join('\n');
    expect(text).toContain('oris_runtime');
    expect(text).not.toMatch(/switch (main|to)|sets the mode/i);
    expect(decisionLines(facts(act)).map(({ label }) => label)).toEqual([
      'Does',
      'Affects',
      'Freeze',
      'Undo',
      'If it fails',
    ]);
  },
);

it('calls a cutover that only restores restoring and restored, in its badge too', () => {
  const press = pressWords(runbookOf('oris-backup-restore'));
  expect(press).toEqual({ noun: 'restore', now: 'restoring', done: 'restored' });
  expect(pressWords(runbookOf('sx-postgres-primary'))).toEqual({ noun: 'switch', now: 'switching', done: 'switched' });
  const badge = (state: 'open' | 'switched', under: 'switch' | null) =>
    badgeWords({ state, under, current: null, outside: false, press }).text;
  expect([badge('open', 'switch'), badge('switched', null)]).toEqual(['restoring', 'restored']);
});

it('names it the same in the strip, the next sentence and what can be undone', () => {
  expect(decisionTitle(facts('switch'))).toBe('Restore main');
  expect(decisionButton(facts('switch'))).toBe('Restore now');
  expect(inPlaceTitle('returned', 'main', 'Restore', false)).toBe('Restore of main was taken back by itself');
  expect(switchSentence(40_000, 'Restore').lead).toBe('Next: restore.');
  expect(inPlaceUndo('switched')).toContain('schema from before');
});
