'use client';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { SearchInput } from '@/components/ui/input';
import { cn } from '@/components/ui/cn';
import type { FindingShown } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';
import type { WizardDto } from '@/lib/views/dto';
import { Finding } from './finding';
import {
  byTable,
  type FindingFilter,
  type FindingTable,
  filterFindings,
  isOpen,
  manyFindings,
  sharedKinds,
} from './finding-groups';
import { KindRules } from './kind-rules';
import { useWizard } from './wizard-context';

function TableFindings({ group, open }: { group: FindingTable; open: boolean }) {
  return (
    <details open={open} className="group/table border-t border-line first:border-t-0">
      <summary className="flex min-h-10 cursor-pointer list-none items-center gap-3 px-4 py-1.5 -outline-offset-2 touch:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-t3 group-open/table:rotate-90" />
        <code className="min-w-0 font-mono text-12 break-all text-t1">{group.table}</code>
        <span className="ml-auto shrink-0 text-12 text-t3">
          {countWords(group.findings.length, 'finding')}
          {group.open > 0 && <span className="text-amber">, {group.open} to decide</span>}
        </span>
      </summary>
      <ul className="border-t border-line">
        {group.findings.map((finding) => (
          <Finding key={finding.key} finding={finding} />
        ))}
      </ul>
    </details>
  );
}

/** Dozens of findings: a rule for all of a kind, a filter, and the rest under their tables. */
function ManyFindings({ findings }: { findings: FindingShown[] }) {
  const { view } = useWizard();
  const [filter, setFilter] = useState<FindingFilter>({ text: '', openOnly: false });
  const groups = byTable(filterFindings(findings, filter));
  const narrowed = filter.text !== '' || filter.openOnly;
  return (
    <>
      {view.rules === 'open' && <KindRules kinds={sharedKinds(findings)} />}
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2">
        <SearchInput
          aria-label="Filter findings"
          placeholder="Table, column or kind"
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.target.value })}
          box="w-64 max-md:w-full"
          className="w-full"
        />
        <label className="flex items-center gap-2 text-12 text-t2 touch:min-h-11">
          <input
            type="checkbox"
            checked={filter.openOnly}
            onChange={(event) => setFilter({ ...filter, openOnly: event.target.checked })}
          />
          only what is to decide
        </label>
      </div>
      {groups.map((group, at) => (
        <TableFindings
          key={group.table}
          group={group}
          open={narrowed ? groups.length <= 4 : at === 0 && group.open > 0}
        />
      ))}
      {groups.length === 0 && <p className="px-4 py-4 text-13 text-t2">No finding matches.</p>}
    </>
  );
}

function toDecide(open: number, rules: WizardDto['rules']): string {
  if (open === 0) return 'all decided';
  if (rules === 'settled') return `${open} not decided`;
  return rules === 'open' ? `${open} to decide` : `${open} for an operator to decide`;
}

/** Values that do not fit. A person decides on each by naming a rule; it is recorded and applied to both sides of the diff. */
export function Findings({ findings }: { findings: FindingShown[] }) {
  const { view } = useWizard();
  if (findings.length === 0) return null;
  const open = findings.filter(isOpen).length;
  const settled = view.rules === 'settled';
  return (
    <section
      id="findings"
      aria-label="Findings"
      className={cn(
        'scroll-mt-16 overflow-hidden rounded-panel border bg-s1',
        open && !settled ? 'border-amber/45' : 'border-line',
      )}
    >
      <h3 className="flex items-center border-b border-line px-4 py-2.5 text-13 font-medium text-t1">
        {countWords(findings.length, 'finding')}
        <span className="ml-auto text-12 font-normal text-t3">{toDecide(open, view.rules)}</span>
      </h3>
      {findings.length >= manyFindings ? (
        <ManyFindings findings={findings} />
      ) : (
        <>
          {view.rules === 'open' && <KindRules kinds={sharedKinds(findings)} />}
          <ul>
            {findings.map((finding) => (
              <Finding key={finding.key} finding={finding} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
