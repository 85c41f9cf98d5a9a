/**
 * How far the server's clock is ahead of this one, in ms. Answers travel, so every reading is late: the largest offset is the
 * truest. One far below the kept one means that the laptop's clock was set, not that the answer was slow.
 */
export function nextOffset(before: number | null, serverMs: number, localMs: number): number {
  const read = serverMs - localMs;
  return before === null || read > before || before - read > 5_000 ? read : before;
}
