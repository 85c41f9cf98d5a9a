/** Values of what runs are believed to be of now for this long. */
const freshMs = 8_000;

/** The time that clocks over values of `asOfMs` stop at; null while the values are fresh or nothing among them runs. */
export const heldAt = (nowMs: number, asOfMs: number, running: boolean): number | null =>
  running && nowMs - asOfMs > freshMs ? asOfMs : null;
