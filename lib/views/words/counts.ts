import { formatCount } from '@/lib/shared/format';
import type { ProfileDto } from '@/lib/views/dto';

type Count = ProfileDto['counts'][number];

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
