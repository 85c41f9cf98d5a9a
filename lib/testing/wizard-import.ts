/** A cutover in mid-import, and one whose import failed, as the builder gives them. */
import type { AttemptDto, WizardDto } from '@/lib/views/dto';
import { at, gateAt, phasesAt } from './wizard-phases';
import { act, attempt, importProgress, stepOf } from './wizard-step';

const runningPhases = phasesAt('import', 'running', { startedAt: at('02:18:07') });
export const runningImport: WizardDto = {
  now: at('02:18:58'),
  id: 'c-1',
  system: 'sx',
  systemTitle: 'sx',
  sourceId: 'assets_1',
  kind: 'live',
  state: 'open',
  badge: { glyph: 'running', text: 'open' },
  runbook: {
    name: 'sx-postgres-primary',
    title: 'PostgreSQL primary',
    version: '1.0.0',
    from: 'SQLITE',
    to: 'POSTGRES_PRIMARY',
  },
  t0: at('02:30:00'),
  rules: 'open',
  lateMs: 180_000,
  endedAt: null,
  lateText: '3 min late',
  freeze: { text: 'about 3.1 s of 10 s', limitMs: 10_000, actualMs: null, runningSince: null },
  wayBack: { light: 'not_armed', text: 'Not armed' },
  next: {
    lead: 'Now: import.',
    rest: '',
    after: { lead: 'Next: run row diff.', rest: 'About 40 s. Nothing is written.' },
    waiting: 'Waits for import',
    live: null,
    fraction: 0.79,
    act: act('run', 'Run row diff', 'row-diff', { disabledReason: 'Waits for Import' }),
    stepId: 'row-diff',
  },
  exit: act('abandon', 'Abandon…', 'import', { card: true, danger: true }),
  extra: [act('cancel', 'Cancel import', 'import')],
  phases: runningPhases,
  currentStepId: 'import',
  step: stepOf(runningPhases, 'import', { attemptsList: [attempt({ progress: importProgress })] }),
  gate: gateAt('import', 'running'),
  people: [
    { name: 'operator', initials: 'OP', doing: 'runs Import' },
    { name: 'reviewer', initials: 'RV', doing: 'reads Row diff plan' },
  ],
  undoable:
    'Until 02:30 everything: Abandon drops schema sx_assets_1, its registry row and the capture triggers. The source is only read.',
  notes: [
    {
      id: 'n1',
      by: 'operator',
      initials: 'OP',
      at: at('02:14:09'),
      text: 'Bootstrap needed a second attempt, admin DSN had no CREATE.',
    },
  ],
  strip: null,
  summary: null,
  drifted: null,
  cursor: 0,
  logAttemptId: 'at-1',
};

const failedPhases = phasesAt('import', 'failed', {
  attempts: 2,
  actualMs: 26_000,
  startedAt: at('02:18:07'),
  endedAt: at('02:18:33'),
});
const tail: AttemptDto['tail'] = [
  [203, 'info', 'out', 'batch 39 videos 38,001..39,000 committed 1,000 in 291 ms'],
  [204, 'info', 'out', 'batch 40 videos 39,001..40,000 committed 1,000 in 288 ms'],
  [205, 'info', 'out', 'batch 41 videos 40,001..41,000 COPY started'],
  [206, 'error', 'err', '22003 integer out of range: "11503218400", column hearts'],
  [207, 'error', 'err', 'batch 41 rolled back, ledger unchanged, 0 rows written'],
].map(([seq, level, stream, text]) => ({
  seq: Number(seq),
  at: at('02:18:33'),
  level: String(level),
  stream: String(stream),
  text: String(text),
}));
export const failedImport: WizardDto = {
  ...runningImport,
  now: at('02:19:24'),
  badge: { glyph: 'failed', text: 'step failed' },
  next: {
    lead: 'Import stopped at batch 41.',
    rest: '40,000 rows are safe in the target.',
    after: { lead: 'Next: choose a rule, then retry.', rest: '' },
    waiting: null,
    live: null,
    fraction: null,
    act: act('choose-rule', 'Choose rule, 3 rows…', 'import'),
    stepId: 'import',
  },
  extra: [],
  phases: failedPhases,
  gate: gateAt('import', 'failed'),
  step: stepOf(failedPhases, 'import', {
    attemptsList: [
      attempt({
        id: 'at-2',
        no: 2,
        state: 'failed',
        epoch: 2,
        worker: 'worker-2',
        endedAt: at('02:18:33'),
        logLines: 207,
        tail,
        takeovers: [{ worker: 'worker-1', lostAt: at('02:17:44') }],
        progress: { ...importProgress, done: 40_000, parts: undefined },
        error: {
          code: 'value_out_of_range',
          message: '11,503,218,400 does not fit the target column hearts integer.',
          advice:
            'Table videos, key 7301882214, batch 41. The source holds 3 such values. Widen the column to bigint, or choose a rule.',
          retry: 'later',
          facts: {},
        },
      }),
    ],
    findings: [
      {
        key: 'videos.hearts.range',
        code: 'integer_range',
        table: 'videos',
        column: 'hearts',
        count: '3',
        message: '3 values do not fit integer.',
        sample: [{ key: '7301882214', value: '11503218400' }],
        rules: [
          { name: 'widen-bigint', effect: 'Widen hearts to bigint' },
          { name: 'null-value', effect: 'Store NULL for 3 rows' },
        ],
        rule: null,
        blocking: true,
      },
    ],
    moves: [
      act('retry', 'Retry from batch 41', 'import', {
        consequence: 'Judges anew; passes only if the data was changed since. Else a rule has to be chosen.',
      }),
      act('choose-rule', 'Choose rule, 3 rows…', 'import', {
        consequence: 'Widen hearts to bigint. Recorded, applied in the row diff.',
      }),
      act('abandon', 'Abandon…', 'import', {
        consequence: 'Drops sx_assets_1. Keeps evidence. Service stays on SQLITE.',
        card: true,
        danger: true,
      }),
      act('override', 'Override…', 'import', {
        consequence: 'asks an admin, a reason and a second person',
        card: true,
        disabledReason: 'Only an admin may override.',
      }),
    ],
  }),
};
