import { says } from '@/components/checklist/said-once';
import { formatDuration } from '@/lib/shared/format';
import type { LiveStripDto } from '@/lib/views/dto';

/** From the freeze to the thaw; it goes on where a press ended and users are still held. */
export const frozenMs = ({ heldFrom, heldTo }: LiveStripDto, nowMs: number): number =>
  heldFrom ? Math.max(0, (heldTo ? Date.parse(heldTo) : nowMs) - Date.parse(heldFrom)) : 0;

export const cellMs = (cell: LiveStripDto['cells'][number], nowMs: number): number | null =>
  cell.state === 'running' && cell.startedAt ? Math.max(0, nowMs - Date.parse(cell.startedAt)) : cell.ms;

/** What a cell says; an error that the sentence above tells is only pointed to. */
export function cellText({ detail, error }: LiveStripDto['cells'][number], said: string): string {
  const broke = error && says(said, error) ? 'What broke stands above.' : error;
  return [detail, broke].filter(Boolean).join(' ');
}

/** The big seconds and the line below them. */
export function stripWords(strip: LiveStripDto, nowMs: number): { seconds: string; below: string; over: boolean } {
  const ms = frozenMs(strip, nowMs);
  const leftMs = strip.predictedMs === null ? null : strip.predictedMs - ms;
  const over = leftMs !== null && leftMs < 0;
  const seconds = formatDuration(ms);
  if (!strip.heldFrom) return { seconds, below: strip.endedAt ? 'nobody was held' : 'nobody is held yet', over: false };
  if (strip.heldTo) return { seconds, below: 'frozen in all', over: false };
  if (strip.endedAt) return { seconds, below: 'still frozen', over: true };
  if (strip.stalled) return { seconds, below: 'frozen; how long is not known', over: true };
  if (leftMs === null) return { seconds, below: 'frozen', over: false };
  return {
    seconds,
    over,
    below: over
      ? `frozen, ${formatDuration(-leftMs)} over the prediction`
      : `frozen, about ${formatDuration(leftMs)} left`,
  };
}

type PartState = LiveStripDto['cells'][number]['state'] | 'between';
export type StripPart = { stepId: string; state: PartState; share: number };
/** Less than this of the bar is not seen. */
const leastShare = 0.002;

/** The bar to the limit: a part for each cell that has begun, then the time users were held between the steps; all together never
 *  longer than the bar. */
export function stripBar(strip: LiveStripDto, nowMs: number): StripPart[] {
  let room = 1;
  const parts: StripPart[] = [];
  for (const cell of strip.cells) {
    const ms = cellMs(cell, nowMs);
    if (ms === null) continue;
    const share = Math.min(room, ms / strip.limitMs);
    room -= share;
    parts.push({ stepId: cell.stepId, state: cell.state, share });
  }
  const steps = strip.cells.reduce((sum, cell) => sum + (cellMs(cell, nowMs) ?? 0), 0);
  const between = Math.min(room, (frozenMs(strip, nowMs) - steps) / strip.limitMs);
  if (between > leastShare) parts.push({ stepId: 'between the steps', state: 'between', share: between });
  return parts;
}

/** Cells beside each other: one row where each has room for its words, else two rows as even as can be. */
export const stripColumns = (cells: number): number => (cells <= 6 ? Math.max(1, cells) : Math.ceil(cells / 2));
