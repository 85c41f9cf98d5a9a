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

function asideWords({ aside }: Replaces): string {
  if (!aside) return 'what is there, not counted,';
  return aside.tables === 0 ? 'nothing, since no table is there,' : rowsIn(aside);
}

/** What comes and what goes: "Sets 2,040 rows in 14 tables aside and puts 1,990 rows in 14 tables back," and what that rests on. */
export function replaceWords(replaces: Replaces): { fact: string; detail: string } {
  const { restored } = replaces;
  const sets = `Sets ${asideWords(replaces)} aside and`;
  if (!restored) return { fact: `${sets} restores the snapshot,`, detail: 'whose rows were not counted.' };
  if (restored.tables === 0)
    return { fact: `${sets} puts nothing in their place:`, detail: 'no table was there when the snapshot was taken.' };
  return { fact: `${sets} puts ${rowsIn(restored)} back,`, detail: 'as they are in the snapshot.' };
}
