/** A worker silent for this long has missed two beats: it is not counted on to take over. */
export const workerSilentMs = 5_000;
/** A busy machine makes a worker miss a few beats: only after this long is it said of what it runs. */
export const silenceSaidMs = 8_000;
/** A worker silent for this long is dead: a living one takes over what it held. */
export const workerDeadMs = 10_000;
/** By then a living worker has seen it dead with its next beat, every 2 s, and taken what it held from the queue. */
export const takenOverMs = workerDeadMs + 4_000;
/** No worker at all was heard for this long, three beats: the frame of every page says so. */
export const allSilentMs = 6_500;
/** How often a page that is seen looks for that: a silence is said within 12 s, its reading included. */
export const frameLookMs = 4_000;
/** A reading of a profile's service that is older than this says nothing about now. */
export const readingFreshMs = 20_000;
