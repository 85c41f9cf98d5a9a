type Sample = { atMs: number; done: number };

/** A rate is of the last 12 s: what came before says nothing of the time that is left. */
const keepMs = 12_000;
/** Before 3 s of readings a rate is a guess. */
const measureMs = 3_000;

/** Units a second of one attempt, as it reads its progress; null while measuring and while nothing moves. */
export function rateMeter(): (done: number, atMs: number) => number | null {
  let samples: Sample[] = [];
  let sinceMs = 0;
  return (done, atMs) => {
    const newest = samples.at(-1);
    if (!newest || done < newest.done) {
      samples = [];
      sinceMs = atMs;
    }
    const kept = samples.filter((old) => atMs - old.atMs <= keepMs);
    // A step that counts more slowly than that is measured from its reading before.
    samples = [...(kept.length ? kept : samples.slice(-1)), { atMs, done }];
    const first = samples[0];
    if (!first || atMs - sinceMs < measureMs || atMs === first.atMs) return null;
    const rate = ((done - first.done) * 1000) / (atMs - first.atMs);
    return rate > 0 ? rate : null;
  };
}
