'use client';
import { CheckpointPanel } from '@/components/checklist/checkpoints-tab';
import { differenceText, isClean, rangesOf } from '@/components/evidence/row-diff-words';
import { NotCompared, RowDiffSample } from '@/components/evidence/row-diff';
import { cn } from '@/components/ui/cn';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { formatCount } from '@/lib/shared/format';
import type { RowDiffSummary } from '@/lib/shared/evidence';
import type { ReviewsDto } from '@/lib/views/dto';

type Selected = NonNullable<ReviewsDto['selected']>;

function Cell({ value, word }: { value: string; word: string }) {
  return (
    <td
      className={cn(
        'w-[92px] px-2 py-1.5 text-right tabular-nums max-md:hidden',
        value === '0' ? 'text-t2' : 'font-medium text-red',
      )}
    >
      {formatCount(value)} {word}
    </td>
  );
}

/** Every table of the row diff, a line each. */
function RowDiffPanel({ diff }: { diff: RowDiffSummary }) {
  const clean = diff.tables.every(isClean);
  const ranges = rangesOf(diff);
  return (
    <Panel className="overflow-hidden">
      <PanelHead
        title="Evidence"
        aside={
          clean && ranges > 0
            ? `sha-256 equal on ${formatCount(ranges)} of ${formatCount(ranges)} ranges`
            : `holds at ${diff.holdsAt}`
        }
      />
      <table className="w-full text-12">
        <caption className="sr-only">Row diff by table</caption>
        <tbody>
          {diff.tables.map((table) => (
            <tr key={table.table} className="border-t border-line first:border-t-0">
              <th scope="row" className="py-1.5 pl-4 text-left font-normal">
                <span className="flex items-center gap-2">
                  <StatusGlyph status={isClean(table) ? 'passed' : 'failed'} size={14} />
                  <span className="sr-only">{isClean(table) ? 'equal' : differenceText(table)}</span>
                  <span className="font-mono text-t1">{table.table}</span>
                </span>
              </th>
              <td className="px-2 py-1.5 text-right text-t1 tabular-nums max-md:pr-4">{formatCount(table.rows)}</td>
              <Cell value={table.differing} word="differ" />
              <Cell value={table.missing} word="missing" />
              <td
                className={cn(
                  'w-[92px] py-1.5 pr-4 pl-2 text-right tabular-nums max-md:hidden',
                  table.extra === '0' ? 'text-t2' : 'font-medium text-red',
                )}
              >
                {formatCount(table.extra)} extra
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {(diff.sample.length > 0 || diff.notCompared.length > 0) && (
        <div className="flex flex-col gap-3 border-t border-line p-4">
          <NotCompared diff={diff} />
          <RowDiffSample diff={diff} />
        </div>
      )}
    </Panel>
  );
}

/** Evidence inline: the row diff by table, then every covered checkpoint around its own. */
export function ReviewEvidence({ selected, open }: { selected: Selected; open: boolean }) {
  return (
    <div className="flex flex-col gap-4">
      {selected.rowDiff && <RowDiffPanel diff={selected.rowDiff} />}
      {selected.checkpoints.length > 0 && (
        <section aria-label="Checkpoints" className="flex flex-col gap-2">
          <h3 className="text-12 font-medium text-t2">{selected.rowDiff ? 'Covered checkpoints' : 'Evidence'}</h3>
          {selected.checkpoints.map((checkpoint) => (
            <CheckpointPanel
              key={`${checkpoint.stepId} ${checkpoint.key} ${open}`}
              open={open || checkpoint.verdict !== 'passed'}
              checkpoint={{ ...checkpoint, id: checkpoint.key, digest: '', stale: false }}
            />
          ))}
        </section>
      )}
      {selected.findings.length > 0 && (
        <Panel>
          <PanelHead
            title="Findings and rules"
            aside={`${selected.findings.filter((finding) => finding.rule).length} of ${selected.findings.length} decided`}
          />
          <ul>
            {selected.findings.map((finding) => (
              <li key={finding.key} className="border-t border-line px-4 py-2.5 text-13 first:border-t-0">
                <span className="text-t1">{finding.message}</span>{' '}
                <span className="text-t2">
                  {finding.rule ? (
                    <>
                      Rule <code className="font-mono text-12">{finding.rule}</code>.
                    </>
                  ) : (
                    'No rule chosen.'
                  )}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}
