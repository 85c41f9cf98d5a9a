import { expect, it } from 'vitest';
import { readRunbook } from '@/lib/fleet/load';
import { type DecisionFacts, decisionLines } from './decision';
import { decisionButton, decisionTitle } from './decision-names';
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
  predicted: { ms: 40_000, by: 'plan', limitMs: 300_000, divisible: false },
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
  expect(switchSentence(facts('switch').predicted, 'Restore').lead).toBe('Next: restore.');
  expect(inPlaceUndo('switched')).toContain('schema from before');
});

it('never says of a live schema that abandoning drops it', () => {
  const text = decisionLines(facts('abandon'))
    .map(({ fact, detail }) => `${fact} ${detail}`)
    .join('\n');
  expect(text).not.toMatch(/drops/i);
  expect(text).toContain('oris_runtime and its rows stay as they are');
});

it('names on its card the surfaces of a switch that moves only some, and says that the others stay', () => {
  const some = { ...facts('switch'), to: 'postgres', from: 'sqlite', inPlace: null, surfaces: ['chatkit'] };
  expect(decisionTitle(some)).toBe('Switch chatkit of main to postgres');
  expect(decisionTitle({ ...some, act: 'rollback' })).toBe('Roll back chatkit of main to sqlite');
  expect(decisionLines(some).find(({ label }) => label === 'Affects')?.detail).toContain('only chatkit');
});

it('says on the card of a restore which earlier backup comes back, and that later writes go aside', () => {
  const [does] = decisionLines({ ...facts('switch'), chosen: 'backup@2026-11-20T14:03:12.123Z' });
  expect(does?.fact).toContain('puts the chosen backup@2026-11-20T14:03:12.123Z in its place');
  expect(does).toMatchObject({ loss: true, detail: expect.stringContaining('goes aside') });
});
