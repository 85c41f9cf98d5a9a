'use client';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { StatusWord } from '@/components/ui/status-word';
import { CellText } from '@/components/evidence/cell-text';
import { formatCount } from '@/lib/shared/format';
import type { FindingShown } from '@/lib/shared/evidence';
import { FormAnswer } from './form-answer';
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
      <code className={cn('min-w-28 font-mono text-12', chosen ? 'text-t1' : 'text-t2')}>{rule.name}</code>
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
          {formatCount(finding.count)} {finding.count === '1' ? 'value' : 'values'} ·{' '}
          <code className="font-mono">{finding.code}</code>
        </span>
      </div>
      <p className="mt-1 text-13 text-t1">{finding.message}</p>
      {finding.sample.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1">
          {finding.sample.slice(0, 5).map((one) => (
            <li
              key={`${one.key} ${one.value}`}
              className="grid grid-cols-[minmax(96px,160px)_1fr] items-start gap-3 text-12"
            >
              <code className="truncate py-1 font-mono text-t2" title={one.key}>
                {one.key}
              </code>
              <CellText cell={{ text: one.value, type: 'text' }} other={null} of="source" />
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

/** Values that do not fit. A person decides on each by naming a rule; it is recorded and applied to both sides of the diff. */
export function Findings({ findings }: { findings: FindingShown[] }) {
  if (findings.length === 0) return null;
  const open = findings.filter((finding) => finding.blocking && !finding.rule).length;
  return (
    <section
      id="findings"
      aria-label="Findings"
      className={cn('scroll-mt-4 overflow-hidden rounded-panel border bg-s1', open ? 'border-amber/45' : 'border-line')}
    >
      <h3 className="flex items-center border-b border-line px-4 py-2.5 text-13 font-medium text-t1">
        Findings
        <span className="ml-auto text-12 font-normal text-t3">{open ? `${open} to decide` : 'all decided'}</span>
      </h3>
      <ul>
        {findings.map((finding) => (
          <Finding key={finding.key} finding={finding} />
        ))}
      </ul>
    </section>
  );
}
