'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWizard } from '@/components/checklist/wizard-context';
import { fetchView } from '@/components/live/fetch-view';
import { cn } from '@/components/ui/cn';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { Time } from '@/components/ui/time';
import type { DecisionDto } from '@/lib/views/dto';
import { firstLost, lossAllText, lossIsLonger, lossTitle } from './decision-state';

/** Does, Affects, Freeze, Undo, If it fails: always these five, in this order. */
export function DecisionLines({ lines }: { lines: DecisionDto['lines'] }) {
  return (
    <dl className="mt-4 border-t border-line">
      {lines.map((line) => (
        <div
          key={line.label}
          className="grid grid-cols-[96px_1fr] border-b border-line py-2 last:border-b-0 max-md:grid-cols-[80px_1fr]"
        >
          <dt className="text-13 text-t3">{line.label}</dt>
          <dd className="text-13 text-t2">
            <b className={cn('font-medium', line.loss ? 'text-red' : 'text-t1')}>
              <TextWithTimes text={line.fact} />
            </b>{' '}
            <TextWithTimes text={line.detail} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Pressed before its time: said, not refused. */
export const EarlyLine = ({ text }: { text: string }) => (
  <p className="mt-3 rounded-panel border border-amber/45 bg-amber/tint px-3 py-2 text-13 text-amber">
    <TextWithTimes text={text} />
  </p>
);

/** Fresh checks, read again every second while the card is open. */
export function DecisionChecks({ decision }: { decision: DecisionDto }) {
  if (decision.checks.length === 0) return null;
  return (
    <section aria-label="Checked while this is open" className="border-t border-line bg-bg px-6 py-4 max-md:px-4">
      <h3 className="flex text-12 text-t3">
        Checked while this is open{' '}
        <span className="ml-auto tabular-nums">
          <Time iso={decision.now} />
        </span>
      </h3>
      <ul className="mt-2 grid grid-cols-2 gap-x-6 gap-y-1.5 max-md:grid-cols-1">
        {decision.checks.map((check) => (
          // A long reason goes below what it is of, so that the two never touch.
          <li key={check.key} className="flex min-w-0 flex-wrap items-baseline gap-x-3 text-13">
            <span className="flex min-w-0 items-baseline gap-2">
              <StatusGlyph status={check.status} className="mt-0.5 self-start" />
              <span className="sr-only">{check.status}:</span>
              <span className={cn('min-w-0', check.status === 'failed' ? 'text-red' : 'text-t1')}>{check.text}</span>
            </span>
            <span className="ml-auto text-right text-12 text-t3 tabular-nums">{check.detail}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Loss = NonNullable<DecisionDto['loss']>;

/** The first ten come with the card; the others are read when a person asks for them. */
function useLostRows(loss: Loss, cutoverId: string) {
  const [all, setAll] = useState(false);
  const read = useQuery({
    queryKey: ['lost-rows', cutoverId, loss.digest],
    queryFn: ({ signal }) => fetchView<{ rows: Loss['rows'] }>('lost-rows', { cutoverId }, signal),
    enabled: all,
    staleTime: 10_000,
  });
  const rows = all ? (read.data?.rows ?? loss.rows) : loss.rows.slice(0, firstLost);
  return { all, setAll, rows, more: lossIsLonger(loss) };
}

/** Rows the act would drop: the count, the first ten, all of them on request. */
export function LossTable({ loss }: { loss: Loss }) {
  const { view } = useWizard();
  const lost = useLostRows(loss, view.id);
  const { all, setAll } = lost;
  const rows = loss.title ? loss.rows : lost.rows;
  const more = !loss.title && lost.more;
  return (
    <section
      aria-label={loss.title ? 'Rows that will be rewritten' : 'Rows that would be lost'}
      className="mx-6 mb-4 shrink-0 overflow-hidden rounded-panel border border-red/55 max-md:mx-4"
    >
      <header className="flex flex-wrap items-center gap-x-2 bg-red/tint px-3 py-2 max-md:py-1">
        <StatusGlyph status="failed" />
        <h3 className="text-13 font-semibold text-red">{loss.title ?? lossTitle(loss.count)}</h3>
        {loss.since && (
          <span className="text-12 text-t2">
            written after <Time iso={loss.since} />
          </span>
        )}
        {more && (
          <button
            type="button"
            onClick={() => setAll(!all)}
            aria-expanded={all}
            className="ml-auto text-12 font-medium text-t1 hover:underline max-md:min-h-8"
          >
            {all ? `First ${firstLost}` : lossAllText(loss.count)}
          </button>
        )}
      </header>
      <div className="max-h-[42dvh] overflow-auto">
        <table className="w-full text-12">
          <thead className="sr-only">
            <tr>
              <th>Table</th>
              <th>Key</th>
              <th>Column</th>
              <th>Value</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <LostRow key={`${row.table} ${row.key} ${row.column}`} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function LostRow({ row }: { row: Loss['rows'][number] }) {
  // A column of JSON has words longer than the card: they break anywhere, and the key keeps a width it can be read in.
  return (
    <tr className="border-t border-line align-top max-md:grid max-md:grid-cols-2 max-md:py-1">
      <td className="px-3 py-1.5 font-mono text-t1 max-md:py-0.5">{row.table}</td>
      <td className="px-3 py-1.5 font-mono break-words text-t2 max-md:py-0.5">{row.key}</td>
      <td className="px-3 py-1.5 font-mono text-t2 max-md:py-0.5">{row.column}</td>
      <td className="px-3 py-1.5 wrap-anywhere text-t1 max-md:col-span-2 max-md:py-0.5">
        <LostValue row={row} />
      </td>
    </tr>
  );
}

/** Values as they are stored: a time in them is not put into the reader's zone, so that psql shows the same. */
function LostValue({ row: { kind, from, to, more } }: { row: Loss['rows'][number] }) {
  const stored = (text: string | null) => <span className="font-mono whitespace-pre-wrap">{text}</span>;
  if (kind === 'missing') return 'deleted';
  if (kind === 'extra') return to === null ? 'new row' : <>new row, {stored(to)}</>;
  return (
    <>
      {stored(from)} <span className="text-t3">→</span> {stored(to)}
      {more > 0 && <span className="text-t3"> and {more} more</span>}
    </>
  );
}
