'use client';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { nextOffset } from '@/lib/shared/server-offset';
import { heldAt } from './held-time';

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
  const offset = useRef<number | null>(null);
  useEffect(() => {
    offset.current = nextOffset(offset.current, Date.parse(now), Date.now());
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
      nowMs: () => (offset.current === null ? firstMs : Date.now() + offset.current),
    }),
    [firstMs, shownZone],
  );
  return <Context value={value}>{children}</Context>;
}

/**
 * Stops every clock below it at `asOf` once the values there are too old to count on, so that no second is shown that
 * nobody has read. @param asOf the view's own server time, ISO @param running something in the view runs
 */
export function HeldClock({ asOf, running, children }: { asOf: string; running: boolean; children: ReactNode }) {
  const around = useContext(Context);
  const heldMs = heldAt(useServerNow(1_000), Date.parse(asOf), running);
  const value = useMemo(
    () => (heldMs === null ? around : { ...around, heldMs, nowMs: () => heldMs }),
    [around, heldMs],
  );
  return <Context value={value}>{children}</Context>;
}

/** The server's time at which the clocks here were stopped, in ms; null while they run. */
export const useHeldSince = (): number | null => useContext(Context).heldMs;

export const useZone = (): string => useContext(Context).zone;
/** Reads the server's clock once, for what is said on hover. */
export const useServerClock = (): (() => number) => useContext(Context).nowMs;

/** The server's time in ms, anew every so many ms; on the first paint the one the page was made with. */
export function useServerNow(everyMs: number): number {
  const { firstMs, nowMs } = useContext(Context);
  const [shown, setShown] = useState(firstMs);
  useEffect(() => {
    const tick = () => setShown(nowMs());
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, nowMs]);
  return shown;
}
