import type { CellShown, DifferingRow, RowDiffSummary } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import type { Output } from '@/lib/cli/command';

const shownRows = 20;
const cell = (shown: CellShown | null): string => {
  if (!shown) return '(no row)';
  if (shown.text === null) return shown.bytesHex ? `x'${shown.bytesHex}'` : 'NULL';
  // Quoted as JSON: a trailing space or a control character must be seen.
  return `${JSON.stringify(shown.text)}${shown.truncated ? '…' : ''}${shown.differs ? ` (${shown.differs})` : ''}`;
};

/** Counts of every table, then the cells that differ. */
export function showDiff(output: Output, diff: RowDiffSummary): void {
  const width = Math.max(5, ...diff.tables.map(({ table }) => table.length));
  output.line(
    `${'table'.padEnd(width)}  ${['equal', 'differing', 'missing', 'extra'].map((word) => word.padStart(11)).join('')}`,
  );
  for (const row of [...diff.tables, { ...diff, table: 'all' }])
    output.line(
      `${row.table.padEnd(width)}  ${[row.equal, row.differing, row.missing, row.extra].map((count) => formatCount(count).padStart(11)).join('')}`,
    );
  if (diff.sample.length) output.line('');
  for (const row of diff.sample.slice(0, shownRows)) showRow(output, row);
  const left = diff.sample.length - shownRows;
  if (left > 0) output.line(`… and ${left} rows more (--json has all that are kept)`);
  output.line('');
  output.line(
    `Not compared: ${diff.notCompared.length ? diff.notCompared.join('; ') : 'nothing'}. Holds at: ${diff.holdsAt}.`,
  );
}

const kinds = { differing: 'differs', missing: 'is missing in the target', extra: 'is only in the target' };

function showRow(output: Output, { table, key, kind, cells }: DifferingRow): void {
  output.line(`${table} ${key} ${kinds[kind]}`);
  for (const { column, source, target } of cells.slice(0, 12)) {
    output.line(`    ${column}`);
    output.line(`      source ${source?.type ?? ''} ${cell(source)}`);
    output.line(`      target ${target?.type ?? ''} ${cell(target)}`);
  }
}
