import { createHash } from 'node:crypto';
import type { CellShown, DifferingRow, RowDiffSummary } from '@/lib/shared/evidence';
import { canonicalJson } from '@/lib/shared/json';
import type { DecisionDto } from '@/lib/views/dto';
import { lossCount } from '@/lib/cutover/loss';

type Loss = NonNullable<DecisionDto['loss']>;

const text = (cell: CellShown | null): string => (cell === null ? 'no row' : cell.text === null ? 'NULL' : cell.text);

/** Of a whole row the longest text says most to a person; of a changed one the first change. */
const tellingCell = ({ kind, cells }: DifferingRow): DifferingRow['cells'][number] | undefined =>
  kind === 'differing' ? cells[0] : [...cells].sort((a, b) => text(b.target).length - text(a.target).length)[0];

/** One line a lost row: its most telling cell, and how many more changed. */
function toLostRow(row: DifferingRow): Loss['rows'][number] {
  const { table, key, kind, cells } = row;
  const cell = tellingCell(row);
  const more = cells.length > 1 ? ` and ${cells.length - 1} more` : '';
  const value =
    kind === 'missing'
      ? 'deleted'
      : kind === 'extra'
        ? `new row${cell?.target ? `, ${text(cell.target)}` : ''}`
        : `${text(cell?.source ?? null)} → ${text(cell?.target ?? null)}${more}`;
  return { table, key, column: cell?.column ?? '', value: value.slice(0, 300), at: null };
}

/** Rows that a rollback would drop. `digest` names exactly this loss. */
export function toLoss(loss: RowDiffSummary, since: Date | null): Loss {
  return {
    count: (lossCount(loss) ?? 0n).toString(),
    since: since?.toISOString() ?? '',
    rows: loss.sample.map(toLostRow),
    digest: createHash('sha256')
      .update(canonicalJson({ digest: loss.digest, tables: loss.tables }))
      .digest('hex'),
  };
}
