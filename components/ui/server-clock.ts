import { openServerClock } from '@/lib/shared/server-clock';

/** One for the tab: whatever brings the server's time makes every clock on the page truer. */
const clock = openServerClock(() => performance.now());

export const readServerClock = (now: string): void => clock.read(Date.parse(now));

/** The server's time in ms; null before anything was read, as on the server. */
export const knownServerMs = (): number | null => clock.nowMs();

/** The same, with this machine's own time until then. */
export const serverNowMs = (): number => clock.nowMs() ?? Date.now();
