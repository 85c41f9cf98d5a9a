import type { VerdictWord } from '@/lib/shared/statuses';

/** A row by its most telling cell; texts exactly as they are stored, cut where `…` ends them. `more`: further changed cells. */
export type LostRowDto = {
  table: string;
  key: string;
  column: string;
  kind: 'differing' | 'missing' | 'extra';
  from: string | null;
  to: string | null;
  more: number;
};

/** What a card looks at again before a press. */
export type DecisionCheck =
  | 'gate'
  | 'row-diff'
  | 'sign-off'
  | 'plan'
  | 'health'
  | 'mode'
  | 'worker'
  | 'target'
  | 'disk';

/** Decision card. Read again every second while it is open. */
export type DecisionDto = {
  now: string;
  act: 'switch' | 'repair' | 'rollback' | 'data-rollback' | 'close' | 'abandon' | 'override';
  /** The step whose plan the press carries; the server chooses it where the address names none. */
  stepId: string;
  title: string;
  sub: string;
  lines: {
    label: 'Does' | 'Affects' | 'Freeze' | 'Undo' | 'If it fails';
    fact: string;
    detail: string;
    loss: boolean;
  }[];
  /** A press before its planned time; it warns and closes nothing. null: not early. */
  early: string | null;
  checks: { key: DecisionCheck; text: string; status: VerdictWord | 'running'; detail: string }[];
  /** No plan stands yet: why, and since when it is being made; null with a plan. `breakGlass`: the way back that needs none. */
  planning: { why: string; since: string | null; breakGlass: boolean } | null;
  /** How fresh the reading of the loss is; null where nothing can be lost. `old` closes the button until it is read again. */
  lossReading: { readAt: string; old: boolean; reading: boolean; stepId: string; mayRead: boolean } | null;
  loss: {
    count: string;
    since: string;
    rows: LostRowDto[];
    digest: string;
    /** Heading of the rows, where they are not lost but rewritten; `rows` are then all that are shown. */
    title?: string;
  } | null;
  secondPerson: {
    needed: boolean;
    by: string | null;
    at: string | null;
    mayConfirm: boolean;
    reason: string | null;
    /** A rollback may stand in nobody's inbox before it was asked for. */
    ask: { mayAsk: boolean; askedAt: string | null } | null;
  };
  typedId: string;
  passwordNeeded: boolean;
  signedInText: string;
  planDigest: string | null;
  /** null: the final button may be pressed (once the id is typed). */
  closedReason: string | null;
  button: string;
  /** What the button says while its press is on the way. */
  busy: string;
  losing: boolean;
  reasonNeeded: boolean;
};
