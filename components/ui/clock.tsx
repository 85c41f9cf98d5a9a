'use client';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { neverBack } from '@/lib/shared/server-clock';
import { heldAt, lastShownMs } from './held-time';
import { knownServerMs, readServerClock } from './server-clock';

type Clock = { firstMs: number; nowMs: () => number; zone: string; heldMs: number | null };
const Context = createContext<Clock>({ firstMs: 0, nowMs: () => Date.now(), zone: 'UTC', heldMs: null });
const zoneCookie = 'tz';

/**
 * The server's clock and the viewer's zone. `now`: newest server time known, ISO. `zone`: from the cookie, UTC at the first
 * visit; the browser's own zone follows right after and is remembered.
 */
export function ClockProvider({ now, zone, children }: { now: string; zone: string; children: ReactNode }) {
  const [firstMs] = useState(() => Date.parse(now));
  const [shownZone, setShownZone] = useState(zone);
  // The first paint is the server's, to the second.
  const alive = useRef(false);
  useEffect(() => {
    readServerClock(now);
    alive.current = true;
  }, [now]);
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!own || own === zone) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not there on every browser, and the server must read this one
    document.cookie = `${zoneCookie}=${encodeURIComponent(own)}; path=/; max-age=31536000; samesite=lax`;
    setShownZone(own);
  }, [zone]);
  const value = useMemo(
    () => ({
      firstMs,
      zone: shownZone,
      heldMs: null,
      nowMs: () => (alive.current ? (knownServerMs() ?? firstMs) : firstMs),
    }),
    [firstMs, shownZone],
  );
  return <Context value={value}>{children}</Context>;
}

/**
 * Stops every clock below it where it stands once the values there are too old to count on: no second is counted on that
 * nobody has read. @param asOf the view's own server time, ISO @param running something in the view runs
 */
export function HeldClock({ asOf, running, children }: { asOf: string; running: boolean; children: ReactNode }) {
  const around = useContext(Context);
  const asOfMs = Date.parse(asOf);
  const heldMs = heldAt(useServerNow(1_000), asOfMs, running);
  const value = useMemo(
    () =>
      running
        ? { ...around, heldMs, nowMs: () => Math.min(around.nowMs(), lastShownMs(asOfMs)) }
        : { ...around, heldMs },
    [around, asOfMs, heldMs, running],
  );
  return <Context value={value}>{children}</Context>;
}

/** The server's time of the values over which the clocks here were stopped, in ms; null while they run. */
export const useHeldSince = (): number | null => useContext(Context).heldMs;

export const useZone = (): string => useContext(Context).zone;
/** Reads the server's clock once, for what is said on hover. */
export const useServerClock = (): (() => number) => useContext(Context).nowMs;

/** The server's time in ms, anew every so many ms, and never earlier than it was; on the first paint of the page the one it
 *  was made with. */
export function useServerNow(everyMs: number): number {
  const { firstMs, nowMs } = useContext(Context);
  const [shown, setShown] = useState(firstMs);
  // Before the paint: what comes into sight later must not show the time of the first paint for a moment.
  useLayoutEffect(() => {
    const tick = () => setShown((before) => neverBack(before, nowMs()));
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, nowMs]);
  return shown;
}
