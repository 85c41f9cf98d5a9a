import type { PlanLine } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';

type Counts = NonNullable<PlanLine['counts']>;
/** Rows that a restore sets aside and puts back, as far as its plan could count them. */
export type Replaces = { aside: Counts | null; restored: Counts | null };

export const replacesOf = (lines: PlanLine[] | null): Replaces => ({
  aside: lines?.find(({ counts }) => counts?.is === 'aside')?.counts ?? null,
  restored: lines?.find(({ counts }) => counts?.is === 'restored')?.counts ?? null,
});

const rowsIn = ({ rows, tables }: Counts): string =>
  `${countWords(BigInt(rows), 'row')} in ${countWords(BigInt(tables), 'table')}`;

/** "2,040 rows in 14 tables", within a sentence. */
export function asideWords({ aside }: Replaces): string {
  if (!aside) return 'what is there, not counted,';
  return aside.tables === 0 ? 'nothing, since no table is there,' : rowsIn(aside);
}

export function restoredWords({ restored }: Replaces): string {
  if (!restored) return 'the snapshot, whose rows were not counted';
  return restored.tables === 0 ? 'no table, since none was there when the snapshot was taken' : rowsIn(restored);
}
