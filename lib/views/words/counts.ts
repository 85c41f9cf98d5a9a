import { formatCount } from '@/lib/shared/format';
import type { ProfileDto } from '@/lib/views/dto';

type Count = ProfileDto['counts'][number];

/** Before a first import only tables that neighbours share are there, empty of this profile: no difference to mend. */
export function toCounts(rows: Parameters<typeof toCount>[0][]): Count[] {
  const untouched = rows.some(({ target }) => target === null) && rows.every(({ target }) => !Number(target));
  return rows.map((row) => {
    const count = toCount(row);
    return untouched && row.target !== null && count.equal === false
      ? { ...count, difference: 'not in the target', equal: null }
      : count;
  });
}

/** Rows side by side; the difference in words, never a bare sign. */
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
    off === 0n ? 'equal' : `${formatCount(off < 0n ? -off : off)} ${off < 0n ? 'fewer' : 'more'} in the target`;
  return { table, source, target, difference, equal: off === 0n };
}
