import type { ErrorFacts } from '@/lib/errors';
import type { CheckpointResult, FindingShown, PlanLine, Progress, RowDiffSummary } from '@/lib/shared/evidence';
import type { AttemptState, StepStatus } from '@/lib/shared/statuses';

/** One allowed act of this person on this step or cutover: what the button says, and why not when it may not. */
export type ActDto = {
  act:
    | 'run'
    | 'plan'
    | 'retry'
    | 'cancel'
    | 'choose-rule'
    | 'repair'
    | 'abandon'
    | 'rollback'
    | 'data-rollback'
    | 'override'
    | 'confirm-second'
    | 'sign-off'
    | 'tick'
    | 'close'
    | 'confirm-outside';
  label: string;
  consequence: string;
  /** null: may be pressed. */
  disabledReason: string | null;
  /** Opens the decision card instead of acting. */
  card: boolean;
  /** A way out whose card may be opened while it cannot be pressed: it says what is waited for. */
  opensClosed?: true;
  danger: boolean;
  stepId: string;
  planDigest: string | null;
  /** The newest attempt of the step as this answer shows it, plans left out; a press is bound to it. */
  seenAttempt: string | null;
};

export type AttemptDto = {
  id: string;
  stepId: string;
  verb: 'plan' | 'run' | 'check' | 'undo';
  no: number;
  state: AttemptState;
  epoch: number;
  worker: string | null;
  /** `lostAt`: last beat of the lost worker; `resumedAt`, `by`: when and who went on; null while it waits. */
  takeovers: { worker: string | null; lostAt: string; resumedAt?: string | null; by?: string | null }[];
  /** Rows found committed and rows written twice, as the import counted them from its ledger; null for other steps. */
  resumed?: { kept: string; repeated: string } | null;
  requestedBy: string | null;
  queuedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  deadlineAt: string | null;
  progress: Progress | null;
  error: Required<ErrorFacts> | null;
  logLines: number;
  /** Its last lines, only of an attempt that failed or whose check did. */
  tail: { seq: number; at: string; level: string; stream: string; text: string }[];
};

export type StepRowDto = {
  id: string;
  kind: string;
  title: string;
  status: StepStatus;
  /** "Waits for row-diff", "stale since 02:09: import ran again"; null when nothing to say */
  reason: string | null;
  attempts: number;
  plannedMs: number;
  actualMs: number | null;
  startedAt: string | null;
  endedAt: string | null;
  running: boolean;
};

export type PhaseDto = {
  id: string;
  title: string;
  tLabel: string;
  plannedAt: string;
  startedAt: string | null;
  sequence: boolean;
  group: 'main' | 'runtime-rollback' | 'data-rollback';
  steps: StepRowDto[];
};

/** One role of a sign-off, its newest decision, and why the person who looks may not decide for it. */
/** An override in words: `title` says which step, `text` both persons and the reason. */
export type OverrideSaidDto = { title: string; text: string };

export type SignOffRoleDto = {
  id: string;
  title: string;
  stands: 'open' | 'signed' | 'rejected' | 'stale';
  by: string | null;
  at: string | null;
  reason: string | null;
  /** Of the approval, where one is asked for. */
  reference: string | null;
  refused: string | null;
  /** Names of those who may decide for it. */
  givenTo: string[];
};

export type StepDetailDto = StepRowDto & {
  why: string;
  index: number;
  of: number;
  human: 'sign-off' | 'checklist' | null;
  plan: { digest: string; madeAt: string; lines: PlanLine[]; loss: RowDiffSummary | null } | null;
  planAttempt: AttemptDto | null;
  /** Newest last; verbs run, check and undo. */
  attemptsList: AttemptDto[];
  checkpoints: (CheckpointResult & { id: string; at: string; digest: string; stale: boolean })[];
  findings: FindingShown[];
  /** Safe moves of a failed step, recommended first. */
  moves: ActDto[];
  /** Pages where what it misses is made. */
  links: { label: string; href: string }[];
  checklist: {
    id: string;
    text: string;
    evidenceStep: string | null;
    tick: { by: string; at: string; note: string } | null;
  }[];
  signOff: {
    decision: 'signed' | 'rejected';
    by: string;
    at: string;
    reason: string | null;
    stale: string | null;
    reference: string | null;
  } | null;
  /** Empty where one reviewer decides. */
  signRoles: SignOffRoleDto[];
  override: { by: string; reason: string; at: string; confirmedBy: string | null } | null;
};
