'use client';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { SearchInput } from '@/components/ui/input';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { StatusWord } from '@/components/ui/status-word';
import { CellText } from '@/components/evidence/cell-text';
import { Time } from '@/components/ui/time';
import type { FindingShown } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';
import {
  byTable,
  type FindingFilter,
  type FindingTable,
  filterFindings,
  isOpen,
  manyFindings,
  sharedKinds,
} from './finding-groups';
import { FormAnswer } from './form-answer';
import { KindRules } from './kind-rules';
import { useFormAction } from './use-form-action';
import { useWizard } from './wizard-context';

function RuleForm({ finding, rule }: { finding: FindingShown; rule: FindingShown['rules'][number] }) {
  const { view, actions, firstKey, refresh } = useWizard();
  const { state, post, pending, key } = useFormAction(actions.chooseRule, firstKey, refresh);
  const chosen = finding.rule === rule.name;
  return (
    <form action={post} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="cutoverId" value={view.id} />
      <input type="hidden" name="findingKey" value={finding.key} />
      <input type="hidden" name="rule" value={rule.name} />
      <code className={cn('min-w-36 font-mono text-12', chosen ? 'text-t1' : 'text-t2')}>{rule.name}</code>
      <span className="min-w-0 flex-1 text-13 text-t2">{rule.effect}</span>
      {chosen ? (
        <StatusWord status="passed">chosen</StatusWord>
      ) : (
        <Button type="submit" size="sm" busy={pending ? 'Choosing…' : undefined}>
          {finding.rule ? 'Choose this instead' : 'Choose this rule'}
        </Button>
      )}
      <FormAnswer state={state} className="basis-full" />
    </form>
  );
}

function Finding({ finding }: { finding: FindingShown }) {
  const where = finding.column ? `${finding.table}.${finding.column}` : finding.table;
  return (
    <li className="border-t border-line px-4 py-3 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StatusWord status={finding.rule ? 'passed' : finding.blocking ? 'waiting' : 'ready'}>
          {finding.rule ? 'decided' : finding.blocking ? 'waits for a rule' : 'for your attention'}
        </StatusWord>
        <code className="font-mono text-12 break-all text-t1">{where}</code>
        <span className="ml-auto text-12 text-t3 tabular-nums">
          {countWords(finding.count, 'value')} · <code className="font-mono">{finding.code}</code>
        </span>
      </div>
      <p className="mt-1 text-13 break-words text-t1">{finding.message}</p>
      {finding.rule && finding.ruleBy && (
        <p className="mt-1 text-12 text-t3">
          <code className="font-mono text-t2">{finding.rule}</code>, chosen by {finding.ruleBy}
          {finding.ruleAt && (
            <>
              {' '}
              at <Time iso={finding.ruleAt} />
            </>
          )}
        </p>
      )}
      {finding.sample.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1">
          {finding.sample.slice(0, 5).map((one) => (
            <li
              key={`${one.key} ${one.value}`}
              className="grid grid-cols-[fit-content(240px)_1fr] items-start gap-3 text-12"
            >
              <code className="min-w-24 py-1 font-mono wrap-anywhere text-t2">{one.key}</code>
              <CellText cell={{ text: one.value, type: 'text' }} other={null} of="value" />
            </li>
          ))}
        </ul>
      )}
      {finding.rules.length > 0 && (
        <div className="mt-2">
          {finding.rules.map((rule) => (
            <RuleForm key={rule.name} finding={finding} rule={rule} />
          ))}
        </div>
      )}
    </li>
  );
}

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
  const [filter, setFilter] = useState<FindingFilter>({ text: '', openOnly: false });
  const groups = byTable(filterFindings(findings, filter));
  const narrowed = filter.text !== '' || filter.openOnly;
  return (
    <>
      <KindRules kinds={sharedKinds(findings)} />
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

/** Values that do not fit. A person decides on each by naming a rule; it is recorded and applied to both sides of the diff. */
export function Findings({ findings }: { findings: FindingShown[] }) {
  if (findings.length === 0) return null;
  const open = findings.filter(isOpen).length;
  return (
    <section
      id="findings"
      aria-label="Findings"
      className={cn(
        'scroll-mt-16 overflow-hidden rounded-panel border bg-s1',
        open ? 'border-amber/45' : 'border-line',
      )}
    >
      <h3 className="flex items-center border-b border-line px-4 py-2.5 text-13 font-medium text-t1">
        {countWords(findings.length, 'finding')}
        <span className="ml-auto text-12 font-normal text-t3">{open ? `${open} to decide` : 'all decided'}</span>
      </h3>
      {findings.length >= manyFindings ? (
        <ManyFindings findings={findings} />
      ) : (
        <>
          <KindRules kinds={sharedKinds(findings)} />
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
