/** A worker silent for this long has missed two beats: what it holds is no longer said to be under way. */
export const workerSilentMs = 5_000;
/** A worker silent for this long is dead: a living one takes over what it held. */
export const workerDeadMs = 10_000;
/** No worker at all was heard for this long, three beats: the frame of every page says so. */
export const allSilentMs = 6_500;
/** How often a page that is seen looks for that: a silence is said within 12 s, its reading included. */
export const frameLookMs = 4_000;
/** A reading of a profile's service that is older than this says nothing about now. */
export const readingFreshMs = 20_000;
