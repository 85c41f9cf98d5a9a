/** What a switch needs besides its gate, as a worker found it in one moment. */
export type ReachReading = {
  /** ISO UTC. */
  at: string;
  /** Time until the target answered on a session of its own, milliseconds; null when it did not. */
  targetMs: number | null;
  /** Why it did not, one sentence without anything secret. */
  targetProblem: string | null;
  /** Room on the fullest disk that the source lies on, decimal text; null where the source is no file or could not be asked. */
  freeBytes: string | null;
};
