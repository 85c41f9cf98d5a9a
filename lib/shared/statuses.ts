/** The closed vocabularies of DESIGN: the same words in the database, on the wire and on the page. */
export const attemptStates = [
  'queued',
  'running',
  'checking',
  'cancelling',
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type AttemptState = (typeof attemptStates)[number];
export const liveAttemptStates = ['queued', 'running', 'checking', 'cancelling'] as const;
export const isLive = (state: AttemptState): boolean => (liveAttemptStates as readonly string[]).includes(state);

export const stepStatuses = [
  'locked',
  'ready',
  'waiting',
  'running',
  'passed',
  'failed',
  'unknown',
  'stale',
  'overridden',
] as const;
export type StepStatus = (typeof stepStatuses)[number];

export const cutoverStates = ['planned', 'open', 'switched', 'rolled_back', 'closed', 'abandoned'] as const;
export type CutoverState = (typeof cutoverStates)[number];
/** A profile has at most one cutover in one of these. */
export const openCutoverStates = ['planned', 'open', 'switched', 'rolled_back'] as const;
/** Values are moved as the rules say, so from the switch on no other rule can be chosen. */
export const rulesAreSettled = (state: CutoverState): boolean => state !== 'planned' && state !== 'open';

export const verdicts = ['passed', 'failed', 'unknown'] as const;
export type VerdictWord = (typeof verdicts)[number];

export const roles = ['operator', 'reviewer', 'admin'] as const;
export type Role = (typeof roles)[number];

export const logLevels = ['debug', 'info', 'note', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Everything a glyph can stand for (tokens.md, status glyphs). */
export type GlyphStatus = StepStatus | 'interrupted' | 'cancelled' | 'queued' | 'drift';

export const wayBackLights = ['not_armed', 'arming', 'live', 'behind', 'broken', 'none'] as const;
export type WayBackLight = (typeof wayBackLights)[number];
