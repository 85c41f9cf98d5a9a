const integer = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1204331 → "1,204,331". Takes decimal text as well, since DTOs carry bigint as text. */
export const formatCount = (value: number | bigint | string): string =>
  integer.format(typeof value === 'string' ? BigInt(value) : value);

/** Milliseconds → "0.4 s", "13 s", "1 m 12 s", "2 h 5 m". */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} m ${seconds % 60} s` : `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${hours} h ${minutes % 60} m` : `${hours} h`;
}

/** A time that was not measured, in whole seconds → "0.4 s", "3 s", "8 s", "1 m 12 s". */
export const formatAbout = (ms: number): string =>
  ms >= 1_000 && ms < 9_950 ? `${Math.round(ms / 1000)} s` : formatDuration(ms);

/** Seconds → "0:51", "12:04", "1:02:09": the rail's duration column. */
export function formatClockDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** Time to or since T-0 → "T-11:02", "T+6:12". `ms` is negative before T-0. */
export const formatTClock = (ms: number): string => `T${ms < 0 ? '-' : '+'}${formatClockDuration(Math.abs(ms))}`;

/** Bytes → "38 MB", "1.9 GB", decimal units as disks are sold. */
export function formatBytes(value: number | bigint | string): string {
  const bytes = Number(value);
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = bytes;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${scaled >= 99.5 || unit === 0 ? Math.round(scaled) : Number(scaled.toFixed(1))} ${units[unit]}`;
}

/** Clock time in the viewer's zone: "02:13:04". */
export const formatTime = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(new Date(iso));

/** "21 Nov 2026". */
export const formatDate = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(iso));

/** "3 min ago", from the server's clock. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** First and last characters of a digest: "9f2c…d0e1". */
export const formatDigest = (digest: string, keep = 8): string =>
  digest.length > keep + 4 ? `${digest.slice(0, keep)}…` : digest;
