import { formatCount } from '@/lib/shared/format';
import type { RowDiffSummary } from '@/lib/shared/evidence';

type TableDiff = RowDiffSummary['tables'][number];

export const isClean = (table: Pick<TableDiff, 'differing' | 'missing' | 'extra'>): boolean =>
  table.differing === '0' && table.missing === '0' && table.extra === '0';

/** "1 differs, 3 missing" */
export function differenceText(table: Pick<TableDiff, 'differing' | 'missing' | 'extra'>): string {
  const parts: string[] = [];
  if (table.differing !== '0')
    parts.push(`${formatCount(table.differing)} ${table.differing === '1' ? 'differs' : 'differ'}`);
  if (table.missing !== '0') parts.push(`${formatCount(table.missing)} missing`);
  if (table.extra !== '0') parts.push(`${formatCount(table.extra)} extra`);
  return parts.join(', ');
}

export const rangesOf = (diff: RowDiffSummary): number =>
  diff.tables.reduce((sum, table) => sum + table.rangeDigests, 0);
