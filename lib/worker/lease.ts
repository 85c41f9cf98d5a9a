/**
 * Ends a process that hears nothing for `leaseMs`. What arrived while its own work held the event loop counts as heard:
 * timers come before the next look at the channel, so the judgement waits for that look.
 * @param leave called when nothing was heard @returns to be called at every word
 */
export function keepLease(leaseMs: number, leave: () => void, lookMs = 1_000): () => void {
  let heardAt = Date.now();
  const late = (): boolean => Date.now() - heardAt > leaseMs;
  setInterval(() => {
    if (late())
      setImmediate(() => {
        if (late()) leave();
      });
  }, lookMs).unref();
  return () => {
    heardAt = Date.now();
  };
}
