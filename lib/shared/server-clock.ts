/** No answer travels for longer: a reading further below says that the server's clock was set. */
const longestMs = 30_000;
/** A crystal may be this much fast; what was read last is trusted by so much less with time. */
const driftRate = 1e-4;

export type ServerClock = {
  /** Takes in the server's time as an answer brought it, in ms. */
  read(serverMs: number): void;
  /** The server's time in ms; null before the first reading. It never runs backwards while that clock does not. */
  nowMs(): number | null;
};

/**
 * The server's clock as a tab knows it. Answers travel, so every reading is late and the one furthest ahead is the truest;
 * between readings it goes on by `steadyMs`, which nobody can set (`performance.now`).
 */
export function openServerClock(steadyMs: () => number): ServerClock {
  let kept: { serverMs: number; atMs: number } | null = null;
  const known = (atMs: number): number | null => kept && kept.serverMs + (atMs - kept.atMs) * (1 - driftRate);
  return {
    read(serverMs) {
      const atMs = steadyMs();
      const now = known(atMs);
      if (Number.isFinite(serverMs) && (now === null || serverMs > now || now - serverMs > longestMs))
        kept = { serverMs, atMs };
    },
    nowMs: () => known(steadyMs()),
  };
}

/** What a clock shows next: a tick that is a little behind is held, one far behind means that the clock was set. */
export const neverBack = (shownMs: number, nextMs: number): number =>
  nextMs < shownMs && shownMs - nextMs <= longestMs ? shownMs : nextMs;
