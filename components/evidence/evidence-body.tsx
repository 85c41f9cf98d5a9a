import { cn } from '@/components/ui/cn';
import { ExactText } from '@/components/ui/exact-text';
import { Disclosure } from '@/components/ui/disclosure';
import { Digest } from '@/components/ui/mono';
import { StatusGlyph } from '@/components/ui/status-glyph';
import type { Evidence } from '@/lib/shared/evidence';
import { NotCompared, RowDiffFigures, RowDiffSample, RowDiffTables } from './row-diff';

type Probe = NonNullable<Evidence['probes']>[number];

function ProbeRow({ probe }: { probe: Probe }) {
  const status = probe.passed === undefined ? 'info' : probe.passed ? 'passed' : 'failed';
  return (
    <li className="border-t border-line py-2 first:border-t-0">
      <div className="flex items-start gap-2">
        <span className="mt-0.5 grid">
          <StatusGlyph status={status} size={14} />
        </span>
        <span className="sr-only">{status === 'info' ? '' : status}</span>
        <span className="min-w-0 flex-1 text-13 text-t1">{probe.what}</span>
      </div>
      <dl className="mt-1 ml-[22px] grid grid-cols-[72px_1fr] gap-x-3 gap-y-0.5 text-12">
        {probe.expected !== undefined && (
          <>
            <dt className="text-t3">Expected</dt>
            <dd className="font-mono break-words whitespace-pre-wrap text-t2">{probe.expected}</dd>
          </>
        )}
        <dt className="text-t3">Got</dt>
        <dd
          className={cn('font-mono break-words whitespace-pre-wrap', probe.passed === false ? 'text-red' : 'text-t1')}
        >
          {probe.got}
        </dd>
      </dl>
      {probe.text && (
        <ExactText
          label="What was asked"
          className="mt-1.5 ml-[22px] max-h-60 rounded-control bg-bg p-2 whitespace-pre-wrap"
        >
          {probe.text}
        </ExactText>
      )}
    </li>
  );
}

function SmallTable({ table }: { table: NonNullable<Evidence['table']> }) {
  const right = (index: number) =>
    cn('px-3 py-1.5', table.numeric?.includes(index) ? 'text-right tabular-nums' : 'text-left');
  return (
    <div className="overflow-x-auto rounded-panel border border-line">
      <table className="w-full text-12">
        <thead className="bg-s2 text-t3">
          <tr>
            {table.columns.map((name, index) => (
              <th key={name} scope="col" className={cn('font-medium', right(index))}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.join(' ')} className="border-t border-line">
              {row.map((cell, index) => (
                <td
                  key={table.columns[index]}
                  className={cn(right(index), index === 0 ? 'font-mono text-t1' : 'text-t2')}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Everything a claim rests on: figures, differing cells, probes with what was expected and came back, digests, raw. */
export function EvidenceBody({ evidence, raw = true }: { evidence: Evidence; raw?: boolean }) {
  return (
    <div className="flex flex-col gap-4">
      {evidence.rowDiff && (
        <>
          <RowDiffFigures diff={evidence.rowDiff} />
          <NotCompared diff={evidence.rowDiff} />
          <RowDiffSample diff={evidence.rowDiff} />
          <RowDiffTables diff={evidence.rowDiff} />
        </>
      )}
      {evidence.table && <SmallTable table={evidence.table} />}
      {evidence.probes && evidence.probes.length > 0 && (
        <ul>
          {evidence.probes.map((probe) => (
            <ProbeRow key={`${probe.what} ${probe.text ?? ''} ${probe.got}`} probe={probe} />
          ))}
        </ul>
      )}
      {evidence.digests && evidence.digests.length > 0 && (
        <dl className="grid grid-cols-[minmax(96px,auto)_1fr] gap-x-4 gap-y-1 text-12">
          {evidence.digests.map((digest) => (
            <div key={digest.of} className="contents">
              <dt className="text-t3">{digest.of}</dt>
              <dd className="min-w-0">
                <Digest value={digest.sha256} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {raw && evidence.raw !== undefined && (
        <Disclosure summary="Raw">
          <ExactText label="Raw" className="max-h-80 rounded-control bg-bg p-3 whitespace-pre">
            {JSON.stringify(evidence.raw, null, 2)}
          </ExactText>
        </Disclosure>
      )}
    </div>
  );
}
