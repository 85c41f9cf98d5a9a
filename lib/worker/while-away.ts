import { setTimeout as sleep } from 'node:timers/promises';

const away = /^(08|57P0[123]|53300)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/** True for a lost or refused connection: the same statement may succeed when the control plane is back. */
export function isAway(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if ('code' in at && away.test(String(at.code))) return true;
    if (
      /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
        at.message,
      )
    )
      return true;
  }
  return false;
}

/** Repeats a write until the control plane is back. The write itself must be guarded by its epoch, since it may have arrived. */
export async function whileAway<T>(write: () => Promise<T>): Promise<T> {
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      return await write();
    } catch (thrown) {
      if (!isAway(thrown)) throw thrown;
      await sleep(waitMs);
    }
  }
}
