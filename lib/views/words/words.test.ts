import type { Runbook } from '@/lib/fleet/runbook-schema';
import { leftWords } from '@/lib/shared/progress';
import { countWords, initialsOf, listWords } from '@/lib/shared/words';
import { describe, expect, it } from 'vitest';
import { type DecisionFacts, decisionLines } from './decision';
import { decisionButton } from './decision-names';
import { badgeWords } from './badge';
import { countedBefore, toCount, toCounts } from './counts';
import { driftWords, groupOf, mixedWords } from './mode';
import {
  effectWords,
  failedSentence,
  readySentence,
  rejectedSentence,
  sentenceText,
  rolesSentence,
  signOffSentence,
} from './next';
import { changedSince, coversOf } from './review';
import { lateWords, tLabel } from './times';
import { undoableWords, wayBackWords } from './way-back';

it.each([
  [-2400, 'T-40m'],
  [0, 'T-0'],
  [600, 'T+10m'],
  [7200, 'T+2h'],
  [-45, 'T-45s'],
])('%d s is %s', (seconds, text) => expect(tLabel(seconds)).toBe(text));
it.each([
  [0, 'on time'],
  [59_999, 'on time'],
  [-59_999, 'on time'],
  [180_000, '3 min late'],
  [-3_828_000, '1 h 3 m early'],
])('%d ms late is %s', (ms, text) => expect(lateWords(ms)).toBe(text));
it('says how long it takes once a rate was measured, never less than a second', () => {
  const left = (done: number, perSecond: number | null) => leftWords({ done, total: 100, perSecond });
  expect([left(10, null), left(50, 5), left(99, 100)]).toEqual([null, 'about 10 s left', 'about 1 s left']);
  expect(leftWords(null)).toBeNull();
});

it.each([
  [[], 'Nothing is written.'],
  [[{ effect: 'read', on: 'source' }], 'Nothing is written.'],
  [null, ''],
  [
    [
      { effect: 'write', on: 'target' },
      { effect: 'write', on: 'service' },
      { effect: 'read', on: 'source' },
    ],
    'Writes to the target and the service.',
  ],
  [[{ effect: 'write', on: 'target', stays: false }], 'Tries a write on the target and takes it back. Nothing stays.'],
  [
    [
      { effect: 'write', on: 'target', stays: false },
      { effect: 'write', on: 'service' },
    ],
    'Writes to the service.',
  ],
] as const)('a plan says what it writes', (lines, text) => expect(effectWords(lines ? [...lines] : null)).toBe(text));
const notShown = (claim: string) => ({ because: { why: 'not-shown', claim } as const, reason: null });
it('reads as in the design', () => {
  const ready = readySentence({ verb: 'run', title: 'row diff', plannedMs: 40_000, lines: [] });
  expect(`${ready.lead} ${ready.rest}`).toBe('Next: run row diff. About 40 s. Nothing is written.');
  expect(failedSentence('preflight', notShown('SX_DSN leads to a server'), null).rest).toBe(
    'Does not hold: SX_DSN leads to a server.',
  );
  expect(failedSentence('preflight', notShown('Every value fits'), null).rest).toBe('Does not hold: every value fits.');
  const failed = { because: { why: 'failed', message: '3 values do not fit' }, reason: null } as const;
  expect(sentenceText(failedSentence('import', failed, 'Choose a rule, 3 findings…'))).toBe(
    'Import failed. 3 values do not fit. Next: choose a rule, 3 findings.',
  );
});

const mode = {
  declared: 'POSTGRES_PRIMARY',
  observed: 'SQLITE',
  agrees: false,
  instances: 1,
  readAt: '2026-11-21T02:10:00Z',
  driftSince: '2026-11-21T02:04:00Z',
  cause: 'service not restarted.',
  surfaces: [],
  stays: [],
};
it('explains a drift', () =>
  expect(driftWords(mode, Date.parse('2026-11-21T02:10:00Z'))).toBe(
    'Declared POSTGRES_PRIMARY, observed SQLITE for 6 min. Likely: service not restarted.',
  ));
it('counts surfaces that disagree as mixed, and never as on the target', () => {
  const surface = (name: string, observed: string) => ({
    name,
    title: name,
    variable: name.toUpperCase(),
    declared: observed,
    observed,
    cause: null,
  });
  const surfaces = [surface('chatkit', 'postgres'), surface('checkpoint', 'sqlite'), surface('repository', 'sqlite')];
  const mixed = { ...mode, declared: 'mixed', observed: 'mixed', agrees: true, surfaces };
  expect(mixedWords(mixed)).toBe('postgres: chatkit; sqlite: checkpoint, repository. Not switched as a whole.');
  expect(groupOf(mixed, { to: 'postgres', inCutover: false, switching: false })).toBe('source');
});
it.each([
  [mode, { inCutover: true, switching: true }, 'in_cutover'],
  [mode, { inCutover: true, switching: false }, 'drift'],
  [{ ...mode, observed: null }, { inCutover: false, switching: false }, 'unknown'],
  [{ ...mode, declared: 'SQLITE', agrees: true }, { inCutover: false, switching: false }, 'source'],
  [{ ...mode, observed: 'POSTGRES_PRIMARY', agrees: true }, { inCutover: false, switching: false }, 'on_target'],
] as const)('puts a profile into one group', (given, around, group) =>
  expect(groupOf(given, { to: 'POSTGRES_PRIMARY', ...around })).toBe(group),
);

it('never counts a wait of no time', () => {
  expect([0, 400, 61_000].map((ms) => signOffSentence(ms, null).rest)).toEqual([
    'Since just now.',
    'Since just now.',
    'For 1 min.',
  ]);
});

const walked = (sequence: boolean) =>
  ({ way_back: 'none', from: 'SQLITE', to: 'POSTGRES', phases: [{ sequence }] }) as unknown as Runbook;
it.each([
  ['open', 'none', 'No way back for new writes'],
  ['switched', 'none', 'No way back for new writes'],
  ['rolled_back', 'none', 'None in this runbook'],
  ['closed', 'none', 'Taken down at close'],
  [null, 'not_armed', 'Not armed'],
] as const)('the light of a cutover that is %s', (state, light, text) =>
  expect(wayBackWords(walked(true), state)).toEqual({ light, text }),
);
it('asks for no way back where no service is moved', () => {
  expect(wayBackWords(walked(false), 'switched').text).toBe('Not needed: no service is moved');
  expect(wayBackWords({ ...walked(false), from: 'POSTGRES' }, 'open').text).toBe('Not needed: it works on copies');
});
it.each(['planned', 'open', 'switched', 'rolled_back', 'closed', 'abandoned'] as const)(
  'says what can be undone when %s',
  (state) => {
    expect(
      undoableWords({ state, switching: false, from: 'SQLITE', schema: 'sx_a', made: true, keepDays: 30 }),
    ).toMatch(/\.$/);
  },
);

describe('decision card', () => {
  const facts: DecisionFacts = {
    act: 'switch',
    sourceId: 'assets_1',
    from: 'SQLITE',
    to: 'POSTGRES_PRIMARY',
    service: 'api',
    schema: 'sx_assets_1',
    stepTitle: 'Smoke',
    neighbours: [],
    predicted: { ms: 3_100, by: 'plan', limitMs: 30_000, divisible: false },
    lossCount: null,
    lossMoves: false,
    keepDays: 30,
  };
  it.each(['switch', 'rollback', 'data-rollback', 'close', 'abandon', 'override'] as const)(
    '%s has its five lines in the fixed order',
    (act) => {
      expect(decisionLines({ ...facts, act }).map(({ label }) => label)).toEqual([
        'Does',
        'Affects',
        'Freeze',
        'Undo',
        'If it fails',
      ]);
    },
  );
  it.each([
    [0, 'Then schema sx_assets_1 is made anew, empty (Re-bootstrap).'],
    [14, 'as they are in the snapshot.'],
  ])('a data rollback to a snapshot of %i tables says what will stand there', (tables, text) => {
    const replaces = { aside: null, restored: { is: 'restored', tables, rows: '0' } } as const;
    const { detail } = decisionLines({ ...facts, act: 'data-rollback', remakes: 'Re-bootstrap', replaces })[0] ?? {};
    expect(detail).toContain(text);
    expect(detail?.includes('made anew')).toBe(tables === 0);
    expect(detail).toContain('registry rows become as they were');
  });
  it('an abandon says that the source keeps every row only while no rollback has left rows behind', () => {
    const undo = (lost: DecisionFacts['lost']) => decisionLines({ ...facts, act: 'abandon', lost })[3]?.detail;
    expect(undo(null)).toBe('The source keeps every row.');
    expect(undo({ schema: 'cutover_aside_1', aside: true, rows: 1n, copyDays: null })).toBe(
      'SQLITE does not hold what users wrote to the target. It is in schema cutover_aside_1 of the target, 1 row, until a later cutover of this profile closes.',
    );
  });
  it('names the schema that stays after an abandon, or says it in plain words', () => {
    const stays = (ledger: string | null) => decisionLines({ ...facts, act: 'abandon', ledger })[0]?.detail;
    expect(stays('cutover_console_sx_app')).toMatch(/the role that loads, schema cutover_console_sx_app\.$/);
    expect(stays(null)).toMatch(/the role that loads, in a schema of its own\.$/);
  });
  it('names neighbours that restart with it', () =>
    expect(decisionLines({ ...facts, neighbours: ['b', 'c'] })[1]).toMatchObject({
      fact: '1 service, api, and with it b and c.',
    }));
  it.each([
    [null, 'Roll back now, loss unknown'],
    [0n, 'Roll back now'],
    [1n, 'Roll back now, lose 1 row'],
    [37n, 'Roll back now, lose 37 rows'],
  ])('a loss of %s stands on the button', (lossCount, text) =>
    expect(decisionButton({ ...facts, act: 'rollback', lossCount })).toBe(text),
  );
  it('no row found is never said to be no loss while users write', () => {
    const moving = { ...facts, act: 'rollback', lossCount: 0n, lossMoves: true } as const;
    expect(decisionButton(moving)).toBe('Roll back now, lose new writes');
    expect(decisionLines(moving)[3]).toMatchObject({ fact: 'none for what is written from now on.', loss: true });
  });
});

it('compares fingerprints part by part', () => {
  const digest = 'a'.repeat(64);
  expect(changedSince({ rules: 'x', schema: 'same' }, { schema: 'same', 'row diff': digest })).toEqual({
    parts: [
      { part: 'row diff', before: 'none', after: 'aaaaaaaa…', detail: 'added' },
      { part: 'rules', before: 'x', after: 'none', detail: 'gone' },
    ],
    same: ['schema'],
  });
  expect(coversOf({ runbook: `sx 1.0.0 ${digest}`, 'plan of import': digest, 'plan of smoke': digest })).toEqual([
    { part: 'runbook', value: 'sx 1.0.0 aaaaaaaa…' },
    { part: 'plans', value: '2 plans' },
  ]);
});

it.each([
  ['10', '10', 'same count', true],
  ['10', '7', '3 fewer in the target', false],
  ['10', '11', '1 more in the target', false],
  ['10', null, 'not in the target', null],
  [null, null, 'on neither side', null],
])('counts %s and %s are %s', (source, target, difference, equal) =>
  expect(toCount({ table: 't', source, target })).toMatchObject({ difference, equal }),
);

it('gives no verdict on counts from before a press, or while the mode is unknown', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 2, 30, second));
  const before = (endedAt: Date | null, unknown = false) =>
    countedBefore(at(10), { pressId: 'rollback:1', endedAt }, unknown);
  expect(before(at(11))).toEqual({ what: 'the rollback', at: at(11).toISOString() });
  expect(before(null)).toEqual({ what: 'the rollback', at: null });
  expect([before(at(9)), countedBefore(at(10), null, false)]).toEqual([null, null]);
  expect(before(at(9), true)).toEqual({ what: 'its mode was unknown', at: null });
  const row = { table: 'videos', source: '9', target: '9' };
  expect(toCounts([row], undefined, true)).toMatchObject([{ difference: 'same count then', equal: null }]);
});

it('takes an empty shared table for not loaded only while nothing of the profile is there', () => {
  const shared = { table: 'sources', source: '1', target: '0' };
  const own = (target: string | null) => ({ table: 'videos', source: '9', target });
  expect(toCounts([shared, own(null)]).map(({ equal }) => equal)).toEqual([null, null]);
  expect(toCounts([shared, own('9')]).map(({ equal }) => equal)).toEqual([false, true]);
  expect(toCounts([shared, own('0')]).map(({ equal }) => equal)).toEqual([false, false]);
});

it('says that a sign-off was rejected, with the reason once and what has changed since', () => {
  const rejected = (changed: string[]) => ({
    because: { why: 'rejected', reason: 'The smoke ran too early.', as: null, changed, again: true } as const,
    reason: null,
  });
  expect(rejectedSentence(rejected([]))).toMatchObject({
    lead: 'The sign-off was rejected.',
    rest: 'The smoke ran too early. A reviewer may decide again.',
  });
  expect(rejectedSentence(rejected(['plan'])).rest).toBe('Changed since: plan.');
  const current = { status: 'waiting', kind: 'sign-off', human: true, rejected: true, firstOfSwitch: false } as const;
  expect(badgeWords({ state: 'open', current, under: null, outside: false }).text).toBe('rejected');
});

it('keeps a failure in sight whatever the state', () => {
  const current = { status: 'failed', kind: 'smoke', human: false, rejected: false, firstOfSwitch: false } as const;
  expect(badgeWords({ state: 'switched', current, under: null, outside: false })).toEqual({
    glyph: 'failed',
    text: 'step failed',
  });
  expect(
    badgeWords({
      state: 'open',
      current: { ...current, status: 'ready', firstOfSwitch: true },
      under: null,
      outside: false,
    }).text,
  ).toBe('ready to switch');
});
it('lists, counts and abbreviates', () =>
  expect([listWords(['a', 'b', 'c']), countWords(1204, 'row'), initialsOf('Olga Operator'), initialsOf('Ada')]).toEqual(
    ['a, b and c', '1,204 rows', 'OO', 'AD'],
  ));
it('says of a sign-off by roles who has to decide, and nothing of it twice', () => {
  const roles = [
    { title: 'Release manager', stands: 'signed' },
    { title: 'Platform operator', stands: 'open' },
    { title: 'Governance lead', stands: 'stale' },
  ];
  expect(rolesSentence(roles)).toMatchObject({
    lead: 'Waits for 2 sign-offs.',
    rest: 'Platform operator and Governance lead have to decide; Release manager signed.',
  });
  expect(rolesSentence(roles.slice(1, 2)).rest).toBe('Platform operator has to decide.');
});
