/** Values of what runs are believed to be of now for this long. */
const freshMs = 8_000;

/** The last moment that clocks over values of `asOfMs` may show. */
export const lastShownMs = (asOfMs: number): number => asOfMs + freshMs;

/** Since when the clocks of what runs are stopped, or null while they run: then they stand where they were, and never go back. */
export const heldAt = (nowMs: number, asOfMs: number, running: boolean): number | null =>
  running && nowMs - asOfMs > freshMs ? asOfMs : null;
