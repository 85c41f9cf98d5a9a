/** Long work of this thread in short turns: whoever drives it decides what may happen between two. */
export type Turns<T = void> = Generator<void, T>;

const turnMs = 50;

/** All of it at once. */
export function atOnce<T>(work: Turns<T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** With room for signals and timers every 50 ms. An aborted signal ends it as an error inside the work, so that it tidies up. */
export async function inTurns<T>(work: Turns<T>, signal: AbortSignal): Promise<T> {
  let since = performance.now();
  let step = work.next();
  while (!step.done) {
    if (performance.now() - since > turnMs) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (signal.aborted) work.throw(signal.reason);
      since = performance.now();
    }
    step = work.next();
  }
  return step.value;
}
