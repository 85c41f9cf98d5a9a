'use client';
import { CheckpointPanel } from '@/components/checklist/checkpoints-tab';
import { differenceText, isClean, rangesOf } from '@/components/evidence/row-diff-words';
import { NotCompared, RowDiffSample } from '@/components/evidence/row-diff';
import { cn } from '@/components/ui/cn';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import { WithCode } from '@/components/ui/with-code';
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
function RowDiffPanel({ diff, title }: { diff: RowDiffSummary; title: string }) {
  const clean = diff.tables.every(isClean);
  const ranges = rangesOf(diff);
  return (
    <Panel className="overflow-hidden">
      <PanelHead
        title={title}
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

/** What a person looked at and wrote down. */
const Ticked = ({ ticked }: Pick<Selected, 'ticked'>) => (
  <Panel>
    <PanelHead title="Ticked by hand" aside={String(ticked.length)} />
    <ul>
      {ticked.map(({ text, note, by, at }) => (
        <li key={text} className="border-t border-line px-4 py-2.5 text-13 first:border-t-0">
          <span className="text-t1">
            <WithCode text={text} />
          </span>
          <p className="text-t2 [overflow-wrap:anywhere]">
            {note} <span className="text-12 text-t3">{by}</span>{' '}
            <span className="text-12 text-t3 tabular-nums">
              <Time iso={at} />
            </span>
          </p>
        </li>
      ))}
    </ul>
  </Panel>
);

const Checkpoints = ({ selected, open }: { selected: Selected; open: boolean }) => (
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
);

/**
 * Evidence inline. For the switch the row diff by table comes first, then every covered checkpoint; for the close what
 * people and checks have seen since, and the row diff last: it held before users went on.
 */
export function ReviewEvidence({ selected, open }: { selected: Selected; open: boolean }) {
  const { about, rowDiff, ticked } = selected;
  const closing = about === 'close';
  return (
    <div className="flex flex-col gap-4">
      {rowDiff && !closing && <RowDiffPanel diff={rowDiff} title="Evidence" />}
      {ticked.length > 0 && closing && <Ticked ticked={ticked} />}
      {selected.checkpoints.length > 0 && <Checkpoints selected={selected} open={open} />}
      {ticked.length > 0 && !closing && <Ticked ticked={ticked} />}
      {rowDiff && closing && <RowDiffPanel diff={rowDiff} title="Row diff before users went on" />}
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
