'use client';
import { useState } from 'react';
import { CellText } from '@/components/evidence/cell-text';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import type { FindingShown } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';
import { lostBy } from './finding-groups';
import { FormAnswer } from './form-answer';
import { LosingField, typedReason } from './losing-field';
import { useFormAction } from './use-form-action';
import { useWizard } from './wizard-context';

type Rule = FindingShown['rules'][number];

/** What is lost, the typed id, and the press: opened by the rule's button, where it stands. */
function LosingPress({ finding, rule, pending }: { finding: FindingShown; rule: Rule; pending: boolean }) {
  const { view } = useWizard();
  const [typed, setTyped] = useState('');
  return (
    <div className="flex basis-full flex-col gap-2 rounded-panel border border-red/45 bg-red/tint px-3 py-2.5">
      <p className="text-13 font-medium text-red">{lostBy(finding)}</p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <LosingField
          sourceId={view.sourceId}
          label={`Type ${view.sourceId} to choose ${rule.name}`}
          typed={typed}
          onTyped={setTyped}
        />
        <Button
          type="submit"
          size="sm"
          variant="danger"
          className="max-md:w-full"
          busy={pending ? 'Choosing…' : undefined}
          disabledReason={typedReason(typed, view.sourceId)}
        >
          Choose {rule.name}
        </Button>
      </div>
    </div>
  );
}

function RuleForm({ finding, rule }: { finding: FindingShown; rule: Rule }) {
  const { view, actions, firstKey, refresh } = useWizard();
  const [open, setOpen] = useState(false);
  const { state, post, pending, key } = useFormAction(actions.chooseRule, firstKey, () => {
    setOpen(false);
    refresh();
  });
  const chosen = finding.rule === rule.name;
  const offered = view.rules === 'open' && !chosen;
  return (
    <form action={post} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="cutoverId" value={view.id} />
      <input type="hidden" name="findingKey" value={finding.key} />
      <input type="hidden" name="rule" value={rule.name} />
      <span className="min-w-36 text-12">
        <code className={cn('font-mono', chosen ? 'text-t1' : 'text-t2')}>{rule.name}</code>
        {rule.loses && <span className="whitespace-nowrap text-red"> (loses values)</span>}
      </span>
      <span className="min-w-0 flex-1 text-13 text-t2 max-md:basis-48">{rule.effect}</span>
      {chosen && <StatusWord status="passed">chosen</StatusWord>}
      {offered && (
        <Button
          type={rule.loses ? 'button' : 'submit'}
          size="sm"
          variant={rule.loses && !open ? 'danger' : 'secondary'}
          busy={pending && !rule.loses ? 'Choosing…' : undefined}
          aria-expanded={rule.loses ? open : undefined}
          onClick={rule.loses ? () => setOpen(!open) : undefined}
        >
          {rule.loses && open
            ? 'Cancel'
            : `${finding.rule ? 'Choose this instead' : 'Choose this rule'}${rule.loses ? '…' : ''}`}
        </Button>
      )}
      {offered && rule.loses && open && <LosingPress finding={finding} rule={rule} pending={pending} />}
      <FormAnswer state={state} className="basis-full" />
    </form>
  );
}

function Standing({ finding: { rule, blocking } }: { finding: FindingShown }) {
  const { view } = useWizard();
  if (rule) return <StatusWord status="passed">decided</StatusWord>;
  if (!blocking) return <StatusWord status="ready">for your attention</StatusWord>;
  if (view.rules === 'settled') return <StatusWord status="locked">was not decided</StatusWord>;
  return <StatusWord status="waiting">waits for a rule</StatusWord>;
}

/** Values that do not fit, with samples and the rules on offer. */
export function Finding({ finding }: { finding: FindingShown }) {
  const where = finding.column ? `${finding.table}.${finding.column}` : finding.table;
  return (
    <li className="border-t border-line px-4 py-3 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Standing finding={finding} />
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
