import { formatAbout, formatDuration } from '@/lib/shared/format';

/** Seconds from T-0 → "T-40m", "T-0", "T+10m", "T+2h", "T+45s". */
export function tLabel(seconds: number): string {
  if (seconds === 0) return 'T-0';
  const size = Math.abs(seconds);
  const text = size % 3600 === 0 ? `${size / 3600}h` : size % 60 === 0 ? `${size / 60}m` : `${size}s`;
  return `T${seconds < 0 ? '-' : '+'}${text}`;
}

/** "53 min", "1 h 3 m": whole minutes. */
export function spanWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : formatDuration(minutes * 60_000);
}

/** Under a minute to either side is on time: nobody presses to the second. Before the plan `lateMs` is negative. */
export function lateWords(lateMs: number): string {
  if (lateMs <= -60_000) return `${spanWords(-lateMs)} early`;
  return lateMs < 60_000 ? 'on time' : `${spanWords(lateMs)} late`;
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
