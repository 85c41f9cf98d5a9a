/** A step with its plan and its attempts, for tests of what is drawn. */
import type { PlanLine, Progress } from '@/lib/shared/evidence';
import type { ActDto, AttemptDto, PhaseDto, StepDetailDto } from '@/lib/views/dto';
import { at, order } from './wizard-phases';

export const act = (name: ActDto['act'], label: string, stepId: string, more: Partial<ActDto> = {}): ActDto => ({
  act: name,
  label,
  stepId,
  consequence: '',
  disabledReason: null,
  card: false,
  danger: false,
  planDigest: '9f2c41d0a7b3',
  seenAttempt: null,
  ...more,
});

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
    links: [],
    checklist: [],
    signOff: null,
    signRoles: [],
    override: null,
    ...more,
  };
};
