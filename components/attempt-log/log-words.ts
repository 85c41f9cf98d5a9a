import { formatDuration } from '@/lib/shared/format';
import type { AttemptDto, LogRow } from '@/lib/views/dto';

/** "Attempt 2 of 2 · worker-1" */
export function attemptLabel(attempt: AttemptDto, all: readonly AttemptDto[]): string {
  const same = all.filter((other) => other.verb === attempt.verb);
  const verb = { run: 'Attempt', plan: 'Plan', check: 'Check', undo: 'Undo' }[attempt.verb];
  return `${verb} ${attempt.no} of ${Math.max(attempt.no, same.length)}${attempt.worker ? ` · ${attempt.worker}` : ''}`;
}

/** What an empty log says; null when there are lines. */
export function emptyText(attempt: AttemptDto, nowMs: number, loaded: boolean): string | null {
  const since = (iso: string): string => formatDuration(Math.max(0, nowMs - Date.parse(iso)));
  if (attempt.state === 'queued') return `Waiting for a worker · queued ${since(attempt.queuedAt)}`;
  if (!loaded) return null;
  if (attempt.startedAt && !attempt.endedAt) return `No output yet · running ${since(attempt.startedAt)}`;
  return 'This attempt wrote nothing.';
}

/** Lines as text to paste: number, time, level, stream, text. */
export const copyText = (rows: readonly LogRow[]): string =>
  rows.map(([n, at, level, stream, text]) => `${n}\t${at}\t${level}\t${stream}\t${plainText(text)}`).join('\n');

/** Without colour codes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC opens a colour code
export const plainText = (text: string): string => text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');

/** The match to show next, wrapping around. `current` is an index into `matches`, -1 before the first. */
export const stepMatch = (count: number, current: number, by: 1 | -1): number =>
  count === 0 ? -1 : current < 0 ? (by === 1 ? 0 : count - 1) : (current + by + count) % count;
