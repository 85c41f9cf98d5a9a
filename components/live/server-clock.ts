let offsetMs: number | null = null;

/** A reading of the server's clock. Answers travel, so every reading is late: the largest offset is the truest. */
export function nextOffset(before: number | null, serverMs: number, localMs: number): number {
  const read = serverMs - localMs;
  // A reading far below the kept one means that the laptop's clock was set, not that the answer was slow.
  return before === null || read > before || before - read > 5_000 ? read : before;
}

export function readServerClock(now: string): void {
  const serverMs = Date.parse(now);
  if (Number.isFinite(serverMs)) offsetMs = nextOffset(offsetMs, serverMs, Date.now());
}

/** The server's time as this tab knows it, in ms. */
export const serverNowMs = (): number => Date.now() + (offsetMs ?? 0);
