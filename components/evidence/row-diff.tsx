import { cn } from '@/components/ui/cn';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { formatCount } from '@/lib/shared/format';
import type { DifferingRow, RowDiffSummary } from '@/lib/shared/evidence';
import { CellText } from './cell-text';
import { differenceText, isClean } from './row-diff-words';

function Figure({ label, value, bad }: { label: string; value: string; bad?: boolean }) {
  return (
    <div>
      <dt className="text-12 text-t2">{label}</dt>
      <dd className={cn('mt-1 text-16 font-semibold tabular-nums', bad ? 'text-red' : 'text-t1')}>{value}</dd>
    </div>
  );
}

/** The five numbers of a row diff. */
export function RowDiffFigures({ diff }: { diff: RowDiffSummary }) {
  return (
    <dl className="grid grid-cols-5 gap-2 max-md:grid-cols-3 max-md:gap-y-3">
      <Figure label="Equal" value={formatCount(diff.equal)} />
      <Figure label="Differing" value={formatCount(diff.differing)} bad={diff.differing !== '0'} />
      <Figure label="Missing" value={formatCount(diff.missing)} bad={diff.missing !== '0'} />
      <Figure label="Extra" value={formatCount(diff.extra)} bad={diff.extra !== '0'} />
      <Figure label="Not compared" value={String(diff.notCompared.length)} bad={diff.notCompared.length > 0} />
    </dl>
  );
}

function SampleRow({ row }: { row: DifferingRow }) {
  const cells = row.cells.length ? row.cells : [{ column: '', source: null, target: null }];
  return cells.map((cell, index) => (
    <tr
      key={cell.column}
      className="border-t border-line align-top max-md:grid max-md:grid-cols-2 max-md:gap-x-2 max-md:py-2"
    >
      <th scope="row" className="px-3 py-2.5 text-left font-normal max-md:py-1">
        {index === 0 && (
          <>
            <span className="block font-mono text-12 break-all text-t1">{row.key}</span>
            <span className="block text-11 text-t2">
              {row.table}
              {row.kind === 'differing' ? '' : `, ${row.kind}`}
            </span>
          </>
        )}
      </th>
      <td className="px-3 py-2.5 font-mono text-12 break-words text-t1 max-md:py-1">{cell.column}</td>
      <td className="px-1.5 py-2 max-md:px-3 max-md:py-1">
        <CellText cell={cell.source} other={cell.target} of="source" />
      </td>
      <td className="py-2 pr-3 pl-1.5 max-md:px-3 max-md:py-1">
        <CellText cell={cell.target} other={cell.source} of="target" />
      </td>
    </tr>
  ));
}

/** Differing rows, cell by cell. */
export function RowDiffSample({ diff }: { diff: RowDiffSummary }) {
  if (diff.sample.length === 0) return null;
  const all = BigInt(diff.differing) + BigInt(diff.missing) + BigInt(diff.extra);
  return (
    <div className="overflow-hidden rounded-panel border border-line">
      <table className="w-full table-fixed text-13 max-md:block">
        <thead className="bg-s2 text-12 text-t3 max-md:hidden">
          <tr>
            {['Key', 'Column', 'Source', 'Target'].map((name, index) => (
              <th
                key={name}
                scope="col"
                className={cn('px-3 py-1.5 text-left font-medium', index < 2 ? 'w-[21%]' : '')}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {diff.sample.map((row) => (
            <SampleRow key={`${row.table} ${row.key}`} row={row} />
          ))}
        </tbody>
      </table>
      {all > BigInt(diff.sample.length) && (
        <p className="border-t border-line px-3 py-2 text-12 text-t3">
          {formatCount(diff.sample.length)} of {formatCount(all)} shown.
        </p>
      )}
    </div>
  );
}

/** Each table with its verdict, in columns. */
export function RowDiffTables({ diff }: { diff: RowDiffSummary }) {
  return (
    <ul className="grid grid-cols-3 gap-x-6 gap-y-1.5 max-md:grid-cols-1">
      {diff.tables.map((table) => {
        const clean = isClean(table);
        return (
          <li key={table.table} className="flex min-w-0 items-center gap-2 text-12">
            <StatusGlyph status={clean ? 'passed' : 'failed'} size={14} />
            <span className="sr-only">{clean ? 'equal' : 'differs'}</span>
            <span className="min-w-0 truncate font-mono text-t1" title={table.table}>
              {table.table}
            </span>
            <span className={cn('ml-auto shrink-0 tabular-nums', clean ? 'text-t2' : 'text-red')}>
              {clean ? formatCount(table.rows) : differenceText(table)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What was left out of the comparison; an empty list is not drawn, since its 0 stands among the figures. */
export function NotCompared({ diff }: { diff: RowDiffSummary }) {
  if (diff.notCompared.length === 0) return null;
  return (
    <p className="text-13 text-t2">
      <b className="font-medium text-red">Not compared:</b> {diff.notCompared.join(', ')}
    </p>
  );
}
