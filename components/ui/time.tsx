'use client';
import { type SyntheticEvent, useState } from 'react';
import { formatAge, formatDate, formatTClock, formatTime } from '@/lib/shared/format';
import { useServerClock, useServerNow, useZone } from './clock';

type Format = 'time' | 'short' | 'date' | 'datetime';
/** A moment as the page writes it, in the zone given. */
export const shownAs = (iso: string, zone: string, format: Format): string => {
  const time = () => formatTime(iso, zone);
  if (format === 'date') return formatDate(iso, zone);
  if (format === 'short') return time().slice(0, 5);
  return format === 'datetime' ? `${formatDate(iso, zone)}, ${time()}` : time();
};

/** A time in the viewer's zone; hovering gives UTC and how long ago it was. */
export function Time({ iso, format = 'time', className }: { iso: string; format?: Format; className?: string }) {
  const zone = useZone();
  const nowMs = useServerClock();
  const [said, setSaid] = useState<string>();
  const utc = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
  const say = (_: SyntheticEvent) => {
    const past = nowMs() - Date.parse(iso);
    setSaid(past >= 0 ? `${utc}, ${formatAge(past)}` : `${utc}, in ${formatAge(-past).replace(' ago', '')}`);
  };
  return (
    <time dateTime={iso} title={said ?? utc} onPointerEnter={say} suppressHydrationWarning className={className}>
      {shownAs(iso, zone, format)}
    </time>
  );
}

/** "3 min ago", counting on. @param hidden from readers, in a region that would tell every second */
export function Age({ iso, className, hidden }: { iso: string; className?: string; hidden?: boolean }) {
  const nowMs = useServerNow(1_000);
  return (
    <time aria-hidden={hidden} dateTime={iso} title={`${iso.slice(0, 19).replace('T', ' ')} UTC`} className={className}>
      {formatAge(nowMs - Date.parse(iso))}
    </time>
  );
}

/** Time to or since T-0, ticking on the server's clock until `endedAt`. */
export function TClock({ t0, endedAt }: { t0: string; endedAt?: string | null }) {
  const tickingMs = useServerNow(1_000);
  const nowMs = endedAt ? Date.parse(endedAt) : tickingMs;
  return (
    <time dateTime={t0} title={`T-0 at ${t0.slice(0, 19).replace('T', ' ')} UTC`}>
      {formatTClock(nowMs - Date.parse(t0))}
    </time>
  );
}
