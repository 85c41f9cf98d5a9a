import { formatAbout, formatDuration } from '@/lib/shared/format';

/** Seconds from T-0 → "T-40m", "T-0", "T+10m", "T+2h", "T+45s". */
export function tLabel(seconds: number): string {
  if (seconds === 0) return 'T-0';
  const size = Math.abs(seconds);
  const text = size % 3600 === 0 ? `${size / 3600}h` : size % 60 === 0 ? `${size / 60}m` : `${size}s`;
  return `T${seconds < 0 ? '-' : '+'}${text}`;
}

/** Times under a minute late are on time: nobody presses to the second. */
export function lateWords(lateMs: number): string {
  return lateMs < 60_000
    ? 'on time'
    : `${Math.floor(lateMs / 60_000) < 120 ? `${Math.floor(lateMs / 60_000)} min` : formatDuration(lateMs)} late`;
}

/** "About 40 s." */
export const aboutWords = (ms: number): string => `About ${formatAbout(ms)}.`;

/** "2 s", "6 min", "3 h": the age in a sentence. */
export function ageWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
