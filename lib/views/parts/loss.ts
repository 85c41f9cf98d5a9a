import { createHash } from 'node:crypto';
import type { CellShown, DifferingRow, RowDiffSummary } from '@/lib/shared/evidence';
import { canonicalJson } from '@/lib/shared/json';
import type { DecisionDto } from '@/lib/views/dto';
import { lossCount } from '@/lib/cutover/loss';

type Loss = NonNullable<DecisionDto['loss']>;

const text = (cell: CellShown | null): string => (cell === null ? 'no row' : cell.text === null ? 'NULL' : cell.text);

/** Cut on its own side of the arrow: a column of JSON would push the other side, and the other rows, off the card. */
const shown = (cell: CellShown | null, longest: number): string => {
  const said = text(cell);
  const cut = said.length > longest ? `${said.slice(0, longest - 1)}…` : said;
  return cell?.differs ? `${cut} (${cell.differs})` : cut;
};

/** Of a whole row the longest text says most to a person; of a changed one the first change. */
const tellingCell = ({ kind, cells }: DifferingRow): DifferingRow['cells'][number] | undefined =>
  kind === 'differing' ? cells[0] : [...cells].sort((a, b) => text(b.target).length - text(a.target).length)[0];

/** One line a lost row: its most telling cell, and how many more changed. */
function toLostRow(row: DifferingRow): Loss['rows'][number] {
  const { table, key, kind, cells } = row;
  const cell = tellingCell(row);
  const place = { table, key, kind, column: cell?.column ?? '' };
  if (kind === 'missing') return { ...place, from: null, to: null, more: 0 };
  if (kind === 'extra') return { ...place, from: null, to: cell?.target ? shown(cell.target, 160) : null, more: 0 };
  const more = Math.max(0, cells.length - 1);
  return { ...place, from: shown(cell?.source ?? null, 80), to: shown(cell?.target ?? null, 80), more };
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
