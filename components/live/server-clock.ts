import { nextOffset } from '@/lib/shared/server-offset';

let offsetMs: number | null = null;

export function readServerClock(now: string): void {
  const serverMs = Date.parse(now);
  if (Number.isFinite(serverMs)) offsetMs = nextOffset(offsetMs, serverMs, Date.now());
}

/** The server's time as this tab knows it, in ms. */
export const serverNowMs = (): number => Date.now() + (offsetMs ?? 0);
