/** The fact that a step of a sequence leaves about who was held; its name is `held`. */
export type HeldReading = {
  /** ISO, when the service answered. */
  at: string;
  /** Requests in flight or waiting; null: not read. */
  waiting: number | null;
  /** Writes refused by the processes that hold now; null: not read. */
  refused: number | null;
  /** Writes refused by processes that this step ended, read just before; 0 where it ends none, null: not read. */
  ended: number | null;
};

/** Name of the fact that a rollback leaves about what it drops. */
export const heldLossFact = 'lossUnderHold';
/** Counted while nobody writes, before the service goes back. */
export type HeldLoss = {
  /** ISO. */
  at: string;
  /** Count as decimal text. */
  rows: string;
  /** False: something could not be compared, so it is the least. */
  whole: boolean;
};
