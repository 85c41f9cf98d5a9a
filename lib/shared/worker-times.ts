/** A worker silent for this long has missed two beats: what it holds is no longer said to be under way. */
export const workerSilentMs = 5_000;
/** A worker silent for this long is dead: a living one takes over what it held. */
export const workerDeadMs = 10_000;
