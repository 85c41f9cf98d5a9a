import { formatDuration } from '@/lib/shared/format';
import { byUrgency } from '@/lib/shared/review-order';
import { countWords } from '@/lib/shared/words';
import type { ReviewItemDto } from '@/lib/views/dto';

export const queueTabs = ['mine', 'all', 'done'] as const;
export type QueueTab = (typeof queueTabs)[number];

export const itemKey = (item: { cutoverId: string; stepId: string }): string => `${item.cutoverId} ${item.stepId}`;
/** A second person decides on the page of the cutover, beside what is at stake. */
export const leadsAway = (item: Pick<ReviewItemDto, 'kind'>): boolean => item.kind !== 'sign-off';

/** What a tab holds: what this person was reminded of, then the nearest T-0 (the newest decision first among the done). */
export function itemsOf(items: readonly ReviewItemDto[], tab: QueueTab): ReviewItemDto[] {
  if (tab === 'done')
    return items.filter((item) => item.done).toSorted((a, b) => (b.doneAt ?? '').localeCompare(a.doneAt ?? ''));
  const open = items.filter((item) => !item.done && (tab === 'all' || item.mine));
  return open.toSorted(byUrgency);
}

/** "Row diff, waits 1 m 4 s" */
export function itemLine(item: ReviewItemDto, nowMs: number): string {
  if (item.done) return `${item.gate}, ${item.done}${item.doneBy ? ` by ${item.doneBy}` : ''}`;
  return item.waitingSince
    ? `${item.gate}, waits ${formatDuration(Math.max(0, nowMs - Date.parse(item.waitingSince)))}`
    : item.gate;
}

/** "2 more wait for others", "Nothing waits for you. 2 wait for others." */
export function queueFoot(items: readonly ReviewItemDto[], tab: QueueTab): string | null {
  if (tab === 'done') return items.some((item) => item.done) ? null : 'Nothing has been decided yet.';
  const open = items.filter((item) => !item.done);
  const others = open.filter((item) => !item.mine).length;
  const mine = open.length - others;
  if (tab === 'all') return open.length === 0 ? 'Nothing waits for a sign-off.' : null;
  const waitOthers = `${countWords(others, 'waits', 'wait')} for others.`;
  if (mine === 0) return others === 0 ? 'Nothing waits for you.' : `Nothing waits for you. ${waitOthers}`;
  return others === 0 ? null : `${countWords(others, 'more waits', 'more wait')} for others`;
}

/** The item to show after j or k; stays at the ends. */
export function neighbour<T extends { cutoverId: string; stepId: string }>(
  items: readonly T[],
  chosen: string | null,
  by: 1 | -1,
): T | null {
  const at = items.findIndex((item) => itemKey(item) === chosen);
  return items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + by))] ?? null;
}

/** Text with **bold** parts, as pieces. */
export const boldParts = (text: string): { text: string; bold: boolean }[] =>
  text
    .split('**')
    .map((part, index) => ({ text: part, bold: index % 2 === 1 }))
    .filter((part) => part.text);
