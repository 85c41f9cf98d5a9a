import { describe, expect, it } from 'vitest';
import { reviews } from '@/lib/testing/review-fixtures';
import { boldParts, itemKey, itemLine, itemsOf, neighbour, queueFoot } from './review-queue-state';

const ids = (tab: 'mine' | 'all' | 'done') => itemsOf(reviews.items, tab).map((item) => item.cutoverId);

describe('the review queue', () => {
  it('shows mine, all that wait, and what was decided', () => {
    expect([ids('mine'), ids('all'), ids('done')]).toEqual([['c-1', 'c-2'], ['c-1', 'c-2', 'c-3'], ['c-4']]);
  });
  it('puts what this person was reminded of on top, whatever its T-0', () => {
    const items = reviews.items.map((item) =>
      item.cutoverId === 'c-2' ? { ...item, reminder: { by: 'Olga', at: reviews.now } } : item,
    );
    expect(itemsOf(items, 'mine').map((item) => item.cutoverId)).toEqual(['c-2', 'c-1']);
  });
  it('says how long an item waits', () => {
    const [item] = reviews.items;
    expect(item && itemLine(item, Date.parse(reviews.now))).toBe('Row diff, waits 1 m 4 s');
  });
  it('says when nothing waits for this person', () => {
    const others = reviews.items.filter((item) => !item.mine);
    expect(queueFoot(others, 'mine')).toBe('Nothing waits for you. 1 waits for others.');
    expect(queueFoot([], 'mine')).toBe('Nothing waits for you.');
    expect(queueFoot(reviews.items, 'mine')).toBe('1 more waits for others');
  });
  it('moves with j and k and stays at the ends', () => {
    const items = itemsOf(reviews.items, 'all');
    const [first, second, third] = items;
    if (!first || !second || !third) throw new Error('too few items');
    expect([
      neighbour(items, itemKey(first), 1),
      neighbour(items, itemKey(third), 1),
      neighbour(items, null, 1),
      neighbour([], null, 1),
    ]).toEqual([second, third, first, null]);
  });
  it('draws bold words without markup', () =>
    expect(boldParts('Unlocks **Switch**.')).toEqual([
      { text: 'Unlocks ', bold: false },
      { text: 'Switch', bold: true },
      { text: '.', bold: false },
    ]));
});
