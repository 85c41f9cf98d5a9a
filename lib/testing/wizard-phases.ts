/** The timeline of a wizard's answer, for tests of what is drawn. Times lie on one night; names stand for anyone. */
import type { StepStatus } from '@/lib/shared/statuses';
import type { PhaseDto, StepRowDto, WizardDto } from '@/lib/views/dto';

export const at = (clock: string): string => `2026-11-21T${clock}${clock.includes('.') ? '' : '.000'}Z`;

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
/** Ids of the main steps, as the timeline shows them. */
export const order = planned.flatMap((phase) => phase[5].map((step) => step[0]));

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
    overridden: 0,
    of: items.length,
    items,
    waitingFor: null,
    waitingSince: null,
    reviewLink: '/reviews?cutover=c-1&step=sign-off',
    remind: { stepId: 'sign-off', disabledReason: null, againAt: null },
  };
};
