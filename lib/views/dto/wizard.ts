import type { BadgeDto } from './cutovers';
import type { ActDto, AttemptDto, OverrideSaidDto, PhaseDto, StepDetailDto } from './step';
import type { Progress } from '@/lib/shared/evidence';
import type { CutoverState, StepStatus, WayBackLight } from '@/lib/shared/statuses';

/** What a sentence promises for a moment holds until then; after it the page says `rest` instead. */
export type UntilDto = { at: string; rest: string };

export type LiveStripDto = {
  title: string;
  sub: string;
  until?: UntilDto;
  startedAt: string;
  endedAt: string | null;
  /** From the freeze, its plan compared, to the thaw or the freeze taken back; null: not yet. */
  heldFrom: string | null;
  heldTo: string | null;
  limitMs: number;
  predictedMs: number | null;
  cells: {
    stepId: string;
    title: string;
    state: 'waiting' | 'running' | 'passed' | 'failed';
    ms: number | null;
    startedAt: string | null;
    detail: string;
    /** What broke it. */
    error?: string;
  }[];
  attemptId: string | null;
  /** Every attempt of this press, oldest first: their lines one after the other are its log. */
  attempts: AttemptDto[];
  /** `loss`: rows of users are gone from what serves them. */
  held: { label: string; value: string; loss?: boolean }[];
  /** When the held services answered last; null: they were not read. */
  heldReadAt: string | null;
  /** What is in these counts besides users; empty for nothing. */
  heldNote: string;
  ifFails: string;
  /** Shown after it: 'returned' = the automatic return to the source happened. */
  outcome: 'running' | 'done' | 'returned' | 'failed';
  /** Rows of users that the rollback left behind, and where they lie; absent where there are none. */
  left?: string;
  /** While it runs: the worker that runs it does not answer, so no time is promised. */
  stalled?: boolean;
  /** It went well, but what the service answers since does not show it. */
  troubled?: boolean;
};

export type WizardDto = {
  now: string;
  id: string;
  system: string;
  systemTitle: string;
  sourceId: string;
  kind: 'live' | 'rehearsal';
  state: CutoverState;
  badge: BadgeDto;
  /** `surfaces`: the ones it moves, where it was planned for some only. */
  runbook: { name: string; title: string; version: string; from: string; to: string; surfaces?: string[] };
  t0: string;
  /** The T-clock stands still from here. */
  endedAt: string | null;
  /** Whether this person may choose rules now: `settled` from the switch on and when it has ended, `not-yours` without the role. */
  rules: 'open' | 'settled' | 'not-yours';
  /** Against the plan; negative when ahead of it. */
  lateMs: number;
  lateText: string;
  freeze: { text: string; limitMs: number; actualMs: number | null; runningSince: string | null };
  wayBack: { light: WayBackLight; text: string };
  /** The sentence under the header and its one button. */
  next: {
    lead: string;
    rest: string;
    until?: UntilDto;
    /** What comes after that, or the recommended move: its own lead is as strong. */
    after: { lead: string; rest: string } | null;
    waiting: string | null;
    fraction: number | null;
    act: ActDto | null;
    stepId: string | null;
    /** What moves now, with its newest reading: the page says from it, and from those that follow, how long it takes. */
    live: { attemptId: string; progress: Progress } | null;
    /** What is wrong with the service right now: said before anything else. `href`: its profile. */
    trouble?: { glyph: 'failed' | 'unknown' | 'drift'; lead: string; rest: string; href: string } | null;
  };
  /** Roll back… or Abandon… in the header. */
  exit: ActDto | null;
  extra: ActDto[];
  phases: PhaseDto[];
  currentStepId: string;
  step: StepDetailDto;
  gate: {
    title: string;
    /** Steps that hold; `overridden` are let through besides, and prove nothing. */
    held: number;
    overridden: number;
    of: number;
    items: { stepId: string; claim: string; detail: string; status: StepStatus }[];
    waitingFor: string | null;
    /** Users would be held for longer than the runbook allows; absent where they would not. */
    warning?: string | null;
    /** Since when it lies before reviewers; null where it waits for something else. */
    waitingSince: string | null;
    reviewLink: string | null;
    /** The waiting sign-off whose reviewers may be reminded, after a reminder not before `againAt`; null where none waits. */
    remind: { stepId: string; disabledReason: string | null; againAt: string | null } | null;
  };
  people: { name: string; initials: string; doing: string }[];
  undoable: string;
  notes: { id: string; by: string; initials: string; at: string; text: string }[];
  /** What is under way stands still, since its worker does not answer; null while all is well. */
  stalled?: {
    stepId: string;
    /** Names of workers that answer. */
    living: string[];
    lead: string;
    rest: string;
    until?: UntilDto;
  } | null;
  strip: LiveStripDto | null;
  summary: {
    headline: string;
    facts: { label: string; value: string; loss?: boolean }[];
    /** After a rollback: by whom, what was lost, what stands where, what comes next. Texts hold moments in UTC. */
    lines: { label: string; text: string }[];
    /** Every override that was confirmed. */
    overrides: OverrideSaidDto[];
  } | null;
  drifted: { file: 'runbook' | 'fleet'; text: string } | null;
  /** Resume the event stream after this number. */
  cursor: number;
  /** For the log tab: attempt to show first. */
  logAttemptId: string | null;
};
