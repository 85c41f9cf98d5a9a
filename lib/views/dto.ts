/**
 * What the pages get: JSON only, times as ISO UTC, bigint as decimal text. Built in lib/views/<page>.ts, one builder a
 * page; `GET /api/views/<name>` answers the same object as the page's first render. The browser never computes green.
 */
import type { ErrorFacts } from '@/lib/errors';
import type { CheckpointResult, FindingShown, PlanLine, Progress, RowDiffSummary } from '@/lib/shared/evidence';
import type { AttemptState, CutoverState, Role, StepStatus, VerdictWord, WayBackLight } from '@/lib/shared/statuses';

export type PersonDto = { id: string; name: string; initials: string; roles: Role[] };

/** Frame around every page. */
export type ShellDto = {
  person: PersonDto;
  environment: string;
  demo: boolean;
  inboxCount: number;
  /** Seconds since the newest beat of any worker; null when there never was one. */
  workerSilentSeconds: number | null;
  /** For the palette. */
  places: { label: string; detail: string; href: string; group: 'Profiles' | 'Cutovers' | 'Pages' }[];
  /** Demo only: the people one can switch to by a real sign-in. */
  /** Demo only: what its users have written, as they count it themselves; decimal text. */
  demoWrites: { acknowledged: string; failed: string } | null;
  demoPeople: { email: string; name: string; does: string }[];
  now: string;
};

export type ProfileGroup = 'source' | 'in_cutover' | 'on_target' | 'drift' | 'unknown';
export type ModeDto = {
  declared: string | null;
  observed: string | null;
  agrees: boolean;
  instances: number;
  readAt: string | null;
  driftSince: string | null;
  cause: string | null;
};
export type FleetRowDto = {
  system: string;
  systemTitle: string;
  sourceId: string;
  title: string | null;
  group: ProfileGroup;
  mode: ModeDto;
  /** Second column of words: glyph, headline ("Load, 79 %"), detail ("Import, about 13 s left. Next: row diff"). */
  status: {
    glyph: 'source' | 'running' | 'waiting' | 'passed' | 'failed' | 'unknown' | 'drift' | 'ready';
    headline: string;
    detail: string;
    fraction: number | null;
  };
  cutoverId: string | null;
  health: {
    healthy: boolean | null;
    latencyMs: number | null /** newest last, null = no answer */;
    spark: (number | null)[];
  };
  wayBack: { light: WayBackLight; text: string };
  sourceBytes: string | null;
  rows: string | null;
  action: { label: string; href: string };
  /** Lower comes first: what needs a person. */
  urgency: number;
  sharesWith: string[];
};
export type FleetDto = {
  now: string;
  environment: string;
  canPlan: boolean;
  systems: { name: string; title: string }[];
  needPerson: number;
  counters: { group: ProfileGroup; count: number; detail: string }[];
  rows: FleetRowDto[];
  /** fleet file's own trouble, shown on top when the file on disk no longer loads */
  fileError: Required<ErrorFacts> | null;
};

export type ProfileDto = {
  now: string;
  system: string;
  systemTitle: string;
  sourceId: string;
  title: string | null;
  /** Where its runbook leads. */
  targetMode: string;
  mode: ModeDto;
  healthy: boolean | null;
  latencyMs: number | null;
  wayBack: { light: WayBackLight; text: string };
  primary: { label: string; href: string } | null;
  openCutover: { id: string; state: CutoverState; headline: string } | null;
  instances: { url: string; observed: string | null; latencyMs: number | null; error: string | null }[];
  chart: {
    points: { at: string; latencyMs: number | null; observed: string | null }[];
    marks: { at: string; text: string }[];
  };
  counts: { table: string; source: string | null; target: string | null; difference: string; equal: boolean | null }[];
  countedAt: string | null;
  sourceBytes: string | null;
  targetBytes: string | null;
  snapshots: {
    id: string;
    kind: 'source' | 'target' | 'export';
    takenAt: string;
    verifiedAt: string | null;
    bytes: string;
    digest: string;
    path: string;
    cutoverId: string;
    rows: string | null;
  }[];
  cutovers: CutoverRowDto[];
  registry: {
    sourceId: string;
    schema: string;
    createdAt: string | null;
    valid: boolean | null;
    problem: string | null;
  }[];
  configuration: {
    name: string;
    where: 'env file' | 'secret';
    set: boolean;
    mayWrite: boolean;
    value: string | null;
  }[];
  neighbours: { sourceId: string; shares: string }[];
};

export type CutoverRowDto = {
  id: string;
  system: string;
  sourceId: string;
  kind: 'live' | 'rehearsal';
  state: CutoverState;
  runbook: string;
  t0: string;
  openedBy: string;
  headline: string;
  createdAt: string;
  endedAt: string | null;
  frozenMs: number | null;
};
export type CutoversDto = { now: string; canPlan: boolean; open: CutoverRowDto[]; past: CutoverRowDto[] };

export type NewCutoverDto = {
  now: string;
  canPlan: boolean;
  profiles: {
    system: string;
    systemTitle: string;
    sourceId: string;
    runbook: string;
    runbookTitle: string;
    observed: string | null;
    blockedBy: string | null;
    /** The cutover that blocks it. */
    openCutoverId: string | null;
  }[];
  suggestedT0: string;
  /** Of the chosen runbook, by name. */
  runbooks: Record<
    string,
    {
      title: string;
      version: string;
      from: string;
      to: string;
      wayBack: string;
      wayBackMeans: string;
      phases: { title: string; tLabel: string; atSeconds: number; sequence: boolean; steps: string[] }[];
    }
  >;
};

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
  danger: boolean;
  stepId: string;
  planDigest: string | null;
};

export type AttemptDto = {
  id: string;
  stepId: string;
  verb: 'plan' | 'run' | 'check' | 'undo';
  no: number;
  state: AttemptState;
  epoch: number;
  worker: string | null;
  takeovers: { worker: string | null; lostAt: string }[];
  requestedBy: string | null;
  queuedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  deadlineAt: string | null;
  progress: Progress | null;
  error: Required<ErrorFacts> | null;
  logLines: number;
  /** Last error lines, only for a failed attempt. */
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
  } | null;
  override: { by: string; reason: string; at: string; confirmedBy: string | null } | null;
};

export type LiveStripDto = {
  title: string;
  sub: string;
  startedAt: string;
  endedAt: string | null;
  limitMs: number;
  predictedMs: number | null;
  cells: {
    stepId: string;
    title: string;
    state: 'waiting' | 'running' | 'passed' | 'failed';
    ms: number | null;
    startedAt: string | null;
    detail: string;
  }[];
  attemptId: string | null;
  held: { label: string; value: string }[];
  ifFails: string;
  /** Shown after it: 'returned' = the automatic return to the source happened. */
  outcome: 'running' | 'done' | 'returned' | 'failed';
};

export type WizardDto = {
  now: string;
  id: string;
  system: string;
  systemTitle: string;
  sourceId: string;
  kind: 'live' | 'rehearsal';
  state: CutoverState;
  /** Badge in the header: word and glyph. */
  badge: { glyph: StepStatus; text: string };
  runbook: { name: string; title: string; version: string; from: string; to: string };
  t0: string;
  /** The T-clock stands still from here. */
  endedAt: string | null;
  lateMs: number;
  lateText: string;
  freeze: { text: string; limitMs: number; actualMs: number | null; runningSince: string | null };
  wayBack: { light: WayBackLight; text: string };
  /** The sentence under the header and its one button. */
  next: {
    lead: string;
    rest: string;
    waiting: string | null;
    fraction: number | null;
    act: ActDto | null;
    stepId: string | null;
  };
  /** Roll back… or Abandon… in the header. */
  exit: ActDto | null;
  extra: ActDto[];
  phases: PhaseDto[];
  currentStepId: string;
  step: StepDetailDto;
  gate: {
    title: string;
    held: number;
    of: number;
    items: { stepId: string; claim: string; detail: string; status: StepStatus }[];
    waitingFor: string | null;
    reviewLink: string | null;
  };
  people: { name: string; initials: string; doing: string }[];
  undoable: string;
  notes: { id: string; by: string; initials: string; at: string; text: string }[];
  strip: LiveStripDto | null;
  summary: { headline: string; facts: { label: string; value: string }[] } | null;
  outsideAct: { at: string; text: string } | null;
  drifted: { file: 'runbook' | 'fleet'; text: string } | null;
  /** Resume the event stream after this number. */
  cursor: number;
  /** For the log tab: attempt to show first. */
  logAttemptId: string | null;
};

/** Decision card. Read again every second while it is open. */
export type DecisionDto = {
  now: string;
  act: 'switch' | 'rollback' | 'data-rollback' | 'close' | 'abandon' | 'override';
  title: string;
  sub: string;
  lines: {
    label: 'Does' | 'Affects' | 'Freeze' | 'Undo' | 'If it fails';
    fact: string;
    detail: string;
    loss: boolean;
  }[];
  checks: { text: string; status: VerdictWord | 'running'; detail: string }[];
  /** How fresh the reading of the loss is; null where nothing can be lost. `old` closes the button until it is read again. */
  lossReading: { readAt: string; old: boolean; reading: boolean; stepId: string; mayRead: boolean } | null;
  loss: {
    count: string;
    since: string;
    rows: { table: string; key: string; column: string; value: string; at: string | null }[];
    digest: string;
  } | null;
  secondPerson: { needed: boolean; by: string | null; at: string | null; mayConfirm: boolean; reason: string | null };
  typedId: string;
  passwordNeeded: boolean;
  signedInText: string;
  planDigest: string | null;
  /** null: the final button may be pressed (once the id is typed). */
  closedReason: string | null;
  button: string;
  losing: boolean;
  reasonNeeded: boolean;
};

export type ReviewItemDto = {
  cutoverId: string;
  stepId: string;
  system: string;
  sourceId: string;
  gate: string;
  t0: string;
  waitingSince: string | null;
  blocks: string;
  mine: boolean;
  done: 'signed' | 'rejected' | null;
  doneBy: string | null;
  doneAt: string | null;
};
export type ReviewsDto = {
  now: string;
  items: ReviewItemDto[];
  selected: null | {
    cutoverId: string;
    stepId: string;
    system: string;
    sourceId: string;
    gate: string;
    t0: string;
    askedBy: string;
    askedAt: string | null;
    claim: string;
    claimStatus: StepStatus;
    sub: string;
    changed: {
      lookedAt: string;
      parts: { part: string; before: string; after: string; detail: string }[];
      same: string[];
    } | null;
    checkpoints: (CheckpointResult & { stepId: string; stepTitle: string; at: string })[];
    rowDiff: RowDiffSummary | null;
    findings: FindingShown[];
    covers: { part: string; value: string }[];
    coversNote: string;
    fingerprint: string;
    comments: { by: string; initials: string; at: string; text: string }[];
    unlocks: string;
    own: string | null;
    signOff: ActDto;
    reject: ActDto;
    decided: {
      decision: 'signed' | 'rejected';
      by: string;
      at: string;
      reason: string | null;
      stale: string | null;
    } | null;
    logHref: string;
  };
};

export type AuditDto = {
  now: string;
  total: number;
  entries: {
    n: number;
    at: string;
    who: string;
    role: string;
    act: string;
    what: string;
    previous: string;
    hash: string;
    system: string | null;
    sourceId: string | null;
    cutoverId: string | null;
  }[];
  /** Pass as `before` for the next page. */
  nextBefore: number | null;
  filters: { profiles: string[]; acts: string[]; roles: string[] };
  lastVerified: { ok: boolean; text: string; at: string; ms: number } | null;
};

export type AdminDto = {
  now: string;
  people: { id: string; name: string; email: string; roles: Role[]; createdAt: string; banned: boolean }[];
  mayManage: boolean;
  workers: {
    id: string;
    name: string;
    host: string;
    pid: number;
    startedAt: string;
    beatAgeMs: number;
    attempts: number;
  }[];
  checks: { name: string; status: VerdictWord; detail: string; advice: string | null }[];
};

export type RunbookDto = {
  name: string;
  title: string;
  version: string;
  summary: string;
  from: string;
  to: string;
  wayBack: string;
  digest: string;
  file: string;
  phases: {
    title: string;
    tLabel: string;
    sequence: boolean;
    steps: { id: string; kind: string; title: string; why: string; plannedMs: number; needs: string[] }[];
  }[];
  rollbacks: { title: string; steps: { id: string; kind: string; title: string; why: string }[] }[];
  usedBy: string[];
};
export type RunbooksDto = {
  runbooks: {
    name: string;
    title: string;
    version: string;
    from: string;
    to: string;
    steps: number;
    profiles: number;
    error: Required<ErrorFacts> | null;
  }[];
};

/** A page of log lines; `rows` are [seq, at, level, stream, text]. */
export type LogRow = [number, string, string, string, string];
export type LogPageDto = {
  attemptId: string;
  rows: LogRow[];
  total: number;
  counts: Record<string, number>;
  matches: number[] | null;
};
