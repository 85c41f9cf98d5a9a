import { countWords } from '@/lib/shared/words';

/** Whether the list stays at its end. Scrolling up, selecting or opening a line pauses; reaching the end goes on. */
export type Follow = { on: true } | { on: false; fromCount: number };

export type FollowEvent =
  | { kind: 'scrolled'; atEnd: boolean; upward: boolean; count: number }
  | { kind: 'paused'; count: number }
  | { kind: 'resumed' };

/** Distance from the end, in px, that still counts as the end: less than two lines. */
export const endPx = 32;

export function nextFollow(follow: Follow, event: FollowEvent): Follow {
  switch (event.kind) {
    case 'resumed':
      return follow.on ? follow : { on: true };
    case 'paused':
      return follow.on ? { on: false, fromCount: event.count } : follow;
    case 'scrolled':
      if (event.atEnd) return follow.on ? follow : { on: true };
      // Only a person scrolls upward; growth of the list below does not pause it.
      return follow.on && event.upward ? { on: false, fromCount: event.count } : follow;
  }
}

/** "Paused · 214 new lines" */
export function followText(follow: Follow, count: number): string | null {
  if (follow.on) return null;
  const fresh = Math.max(0, count - follow.fromCount);
  return fresh === 0 ? 'Paused' : `Paused · ${countWords(fresh, 'new line')}`;
}
