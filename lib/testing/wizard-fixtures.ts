/** Wizard answers as the builder gives them, for tests of what is drawn. Times lie on one night; names stand for anyone. */
import type { PlanLine, Progress } from '@/lib/shared/evidence';
import type { StepStatus } from '@/lib/shared/statuses';
import type { ActDto, AttemptDto, PhaseDto, StepDetailDto, StepRowDto, WizardDto } from '@/lib/views/dto';

export const at = (clock: string): string => `2026-11-21T${clock}${clock.includes('.') ? '' : '.000'}Z`;

export const act = (name: ActDto['act'], label: string, stepId: string, more: Partial<ActDto> = {}): ActDto => ({
  act: name,
  label,
  stepId,
  consequence: '',
  disabledReason: null,
  card: false,
  danger: false,
  planDigest: '9f2c41d0a7b3',
  ...more,
});

type Planned = [id: string, kind: string, title: string, plannedSeconds: number];
const planned: [
  id: string,
  title: string,
  tLabel: string,
  plannedAt: string,
  startedAt: string | null,
  steps: Planned[],
][] = [
  [
    'safety',
    'Safety',
    'T-30m',
    '02:00:00',
    '02:03:10',
    [
      ['preflight', 'preflight', 'Preflight', 30],
      ['snapshot-source', 'snapshot-source', 'Snapshot source', 45],
      ['snapshot-target', 'snapshot-target', 'Snapshot target', 35],
      ['baseline', 'baseline', 'Baseline', 20],
    ],
  ],
  ['bootstrap', 'Bootstrap', 'T-20m', '02:10:00', '02:13:40', [['bootstrap', 'bootstrap', 'Bootstrap schema', 14]]],
  [
    'load',
    'Load',
    'T-15m',
    '02:15:00',
    '02:18:01',
    [
      ['capture-on', 'capture-on', 'Start capture', 6],
      ['import', 'import', 'Import', 80],
      ['row-diff', 'row-diff', 'Row diff', 40],
      ['invariants', 'invariants', 'Invariants', 10],
    ],
  ],
  [
    'smoke',
    'Smoke',
    'T-10m',
    '02:20:00',
    null,
    [
      ['smoke', 'smoke', 'Smoke', 40],
      ['sign-off', 'sign-off', 'Sign-off', 120],
    ],
  ],
  [
    'switch',
    'Switch',
    'T-0',
    '02:30:00',
    null,
    [
      ['arm-way-back', 'arm-way-back', 'Arm way back', 8],
      ['switch', 'switch', 'Switch', 12],
    ],
  ],
  [
    'watch',
    'Watch',
    'T+10m',
    '02:40:00',
    null,
    [
      ['plugin-operations', 'smoke', 'Plugin operations', 15],
      ['log-scan', 'log-scan', 'Log scan', 10],
      ['checklist', 'checklist', 'Post-cutover checklist', 180],
    ],
  ],
  [
    'close',
    'Close',
    'T+30m',
    '03:00:00',
    null,
    [
      ['close-sign-off', 'sign-off', 'Sign off the close', 120],
      ['close', 'close', 'Close the window', 5],
    ],
  ],
];
const actualSeconds: Record<string, number> = {
  preflight: 24,
  'snapshot-source': 41,
  'snapshot-target': 33,
  baseline: 19,
  bootstrap: 12,
  'capture-on': 4,
  import: 64,
  'row-diff': 37,
  invariants: 8,
  smoke: 38,
  'arm-way-back': 6,
  switch: 10,
  'plugin-operations': 14,
};
const order = planned.flatMap((phase) => phase[5].map((step) => step[0]));

/** The timeline with `current` in `status`: what comes before has passed, what comes after is locked. */
export function phasesAt(current: string, status: StepStatus, more: Partial<StepRowDto> = {}): PhaseDto[] {
  const at0 = order.indexOf(current);
  const rowOf = ([id, kind, title, seconds]: Planned): StepRowDto => {
    const before = order.indexOf(id) < at0;
    const now = id === current;
    return {
      id,
      kind,
      title,
      status: now ? status : before ? 'passed' : 'locked',
      reason: null,
      attempts: before || now ? (id === 'bootstrap' ? 2 : 1) : 0,
      plannedMs: seconds * 1000,
      actualMs: before ? (actualSeconds[id] ?? null) && (actualSeconds[id] ?? 0) * 1000 : null,
      startedAt: null,
      endedAt: null,
      running: now && status === 'running',
      ...(now ? more : {}),
    };
  };
  const main = planned.map(
    ([id, title, tLabel, plannedAt, startedAt, steps]): PhaseDto => ({
      id,
      title,
      tLabel,
      plannedAt: at(plannedAt),
      sequence: id === 'switch',
      group: 'main',
      steps: steps.map(rowOf),
      startedAt: startedAt && steps.some((step) => order.indexOf(step[0]) <= at0) ? at(startedAt) : null,
    }),
  );
  return [
    ...main,
    {
      id: 'runtime-rollback',
      title: 'Roll back to SQLITE',
      tLabel: '',
      plannedAt: at('02:30:00'),
      startedAt: null,
      sequence: true,
      group: 'runtime-rollback',
      steps: [
        rowOf(['rollback-freeze', 'freeze', 'Hold writes', 1]),
        rowOf(['rollback-switch', 'switch', 'Return to SQLITE', 3]),
      ].map((row) => ({ ...row, status: 'locked', attempts: 0, actualMs: null })),
    },
  ];
}

const tables: [string, number, number, string | null][] = [
  ['sources', 1, 1, '02:18:10'],
  ['videos', 60_000, 60_000, '02:18:31'],
  ['user_meta', 41_882, 41_882, '02:18:44'],
  ['video_notes', 12_406, 12_406, '02:18:48'],
  ['csv_consolidated_raw', 38_912, 60_000, null],
  ['csv_authors_raw', 4_118, 4_118, '02:18:50'],
  ['csv_bookmarks_raw', 6_144, 18_930, null],
  ['scheduling_artifacts', 0, 9_204, null],
  ['job_queue', 0, 312, null],
];
export const importProgress: Progress = {
  unit: 'rows',
  done: 163_463,
  total: 206_853,
  waiting: null,
  startedAt: at('02:18:07'),
  at: at('02:18:58'),
  parts: tables.map(([name, done, total, ended]) => ({
    name,
    done,
    total,
    state: ended ? 'done' : done ? 'running' : 'queued',
    ...(ended ? { endedAt: at(ended) } : {}),
  })),
};

export const attempt = (more: Partial<AttemptDto> = {}): AttemptDto => ({
  id: 'at-1',
  stepId: 'import',
  verb: 'run',
  no: 1,
  state: 'running',
  epoch: 1,
  worker: 'worker-1',
  takeovers: [],
  requestedBy: 'operator',
  queuedAt: at('02:18:06'),
  startedAt: at('02:18:07'),
  endedAt: null,
  deadlineAt: null,
  progress: null,
  error: null,
  logLines: 414,
  tail: [],
  ...more,
});

const planLines: PlanLine[] = [
  {
    type: 'check',
    on: 'console',
    effect: 'read',
    does: 'Opens the verified snapshot of 02:03:41 read-only.',
    text: 'snapshots/assets_1/source-0203.sqlite\nsha-256 4be1c07a',
    undo: 'nothing to undo',
  },
  {
    type: 'sql',
    on: 'target',
    effect: 'write',
    does: 'Copies 60,000 rows of videos in 30 batches.',
    text: 'COPY "sx_assets_1"."videos" ("source_id", "video_id", "hearts", "markdown") FROM STDIN (FORMAT text)',
    undo: 'Abandon drops schema sx_assets_1, until 02:30',
    estimate: 'about 18 s',
  },
  {
    type: 'sql',
    on: 'target',
    effect: 'write',
    does: 'Writes one ledger row with each batch, in the same transaction.',
    text: 'INSERT INTO "sx_assets_1"."cutover_ledger" …',
    undo: 'goes with the schema',
  },
  {
    type: 'env',
    on: 'service',
    effect: 'read',
    does: 'Leaves the env file as it is.',
    text: ' SX_DB_BACKEND_MODE=SQLITE',
    undo: 'nothing to undo',
  },
];

export const stepOf = (phases: PhaseDto[], id: string, more: Partial<StepDetailDto> = {}): StepDetailDto => {
  const row = phases.flatMap((phase) => phase.steps).find((step) => step.id === id);
  if (!row) throw new Error(`no step ${id}`);
  return {
    ...row,
    why: 'Copies every row of assets_1 into schema sx_assets_1. Rows and ledger commit together.',
    index: order.indexOf(id) + 1,
    of: order.length,
    human: null,
    plan: { digest: '9f2c41d0a7b3', madeAt: at('02:11:40'), lines: planLines, loss: null },
    planAttempt: null,
    attemptsList: [],
    checkpoints: [],
    findings: [],
    moves: [],
    checklist: [],
    signOff: null,
    override: null,
    ...more,
  };
};

const claims: [string, string, string][] = [
  ['snapshot-source', 'Snapshots verified', 'source 2 of 2, target absent, recorded'],
  ['baseline', 'Baseline health', 'ok in SQLITE mode, 02:05:11'],
  ['bootstrap', 'Schema sx_assets_1 mapped', 'registry row and 9 tables'],
  ['capture-on', 'Capture on', 'journal at 1,204, 0 errors'],
  ['import', 'Import in the ledger', '166 of 211 batches'],
  ['row-diff', 'Row diff equal', ''],
  ['invariants', 'Invariants hold', ''],
  ['smoke', 'Smoke passed', ''],
  ['sign-off', 'Reviewer signs off', ''],
];
export const gateAt = (current: string, status: StepStatus): WizardDto['gate'] => {
  const items = claims.map(([stepId, claim, detail]) => {
    const here = order.indexOf(stepId) - order.indexOf(current);
    return {
      stepId,
      claim,
      detail: here <= 0 ? detail : '',
      status: here < 0 ? 'passed' : here === 0 ? status : ('locked' as StepStatus),
    };
  });
  return {
    title: 'Gate to switch',
    held: items.filter((item) => item.status === 'passed').length,
    of: items.length,
    items,
    waitingFor: null,
    reviewLink: '/reviews?cutover=c-1&step=sign-off',
  };
};

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
  lateMs: 180_000,
  endedAt: null,
  lateText: '3 min late',
  freeze: { text: 'about 3.1 s of 10 s', limitMs: 10_000, actualMs: null, runningSince: null },
  wayBack: { light: 'not_armed', text: 'Not armed' },
  next: {
    lead: 'Now: import.',
    rest: 'About 13 s left. Next: run row diff. About 40 s. Nothing is written.',
    waiting: 'Waits for Import, about 13 s',
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
  outsideAct: null,
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
    rest: '40,000 rows are safe in the target. Next: choose a rule, then retry.',
    waiting: null,
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
        consequence: 'Repeats 0 rows. Fails again until a rule is chosen.',
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
