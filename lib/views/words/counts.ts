import type { LastPress } from '@/db/queries/views/read-last-press';
import { formatCount } from '@/lib/shared/format';
import type { ProfileDto } from '@/lib/views/dto';

type Count = ProfileDto['counts'][number];

/** Which side the newest look could not read: what it holds is not known, so it is neither there nor absent. */
export type UnreadSides = { source: boolean; target: boolean };

const unreadWords = ({ source, target }: UnreadSides): string =>
  source && target ? 'neither side read' : `${source ? 'source' : 'target'} not read`;

/** Before a first import only tables that neighbours share are there, empty of this profile: no difference to mend. */
export function toCounts(
  rows: Parameters<typeof toCount>[0][],
  unread: UnreadSides = { source: false, target: false },
  /** Something has happened since that they do not show. */
  old = false,
): Count[] {
  if (unread.source || unread.target)
    return rows.map(({ table, source, target }) => ({
      table,
      source: unread.source ? null : source,
      target: unread.target ? null : target,
      difference: unreadWords(unread),
      equal: null,
    }));
  const untouched = rows.some(({ target }) => target === null) && rows.every(({ target }) => !Number(target));
  return rows.map((row) => {
    const count = old ? asOld(toCount(row)) : toCount(row);
    return untouched && row.target !== null && count.equal === false
      ? { ...count, difference: 'not in the target', equal: null }
      : count;
  });
}

/** What was counted then is no verdict on now. */
const asOld = (count: Count): Count =>
  count.equal === null ? count : { ...count, difference: `${count.difference} then`, equal: null };

/** What the counts do not show, behind "before": the newest press, or that the mode is not known; null where they are new. */
export function countedBefore(
  countedAt: Date | null,
  press: LastPress | null,
  modeUnknown: boolean,
): ProfileDto['countedBefore'] {
  if (!countedAt) return null;
  if (press && (!press.endedAt || press.endedAt > countedAt))
    return { what: pressName(press.pressId), at: press.endedAt?.toISOString() ?? null };
  return modeUnknown ? { what: 'its mode was unknown', at: null } : null;
}

const pressNames: Record<string, string> = {
  switch: 'the switch',
  rollback: 'the rollback',
  'data-rollback': 'the data rollback',
  repair: 'the repair',
  abandon: 'the abandon',
};
const pressName = (pressId: string): string => pressNames[pressId.split(':')[0] ?? ''] ?? 'the last press';

/** Rows side by side; equal counts are no equal rows, and the difference is in words, never a bare sign. */
export function toCount({
  table,
  source,
  target,
}: {
  table: string;
  source: string | null;
  target: string | null;
}): Count {
  if (source === null || target === null) {
    const difference =
      source === null && target === null
        ? 'on neither side'
        : source === null
          ? 'only in the target'
          : 'not in the target';
    return { table, source, target, difference, equal: null };
  }
  const off = BigInt(target) - BigInt(source);
  const difference =
    off === 0n ? 'same count' : `${formatCount(off < 0n ? -off : off)} ${off < 0n ? 'fewer' : 'more'} in the target`;
  return { table, source, target, difference, equal: off === 0n };
}
