'use client';
import { ChevronDown, RotateCw } from 'lucide-react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelFoot, PanelHead } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Age, Time } from '@/components/ui/time';
import { countWords } from '@/lib/shared/words';
import type { FormAction } from '@/lib/views/action-result';
import type { AdminDto } from '@/lib/views/dto';
import { checkCounts, type FoldedChecks, foldChecks } from './check-order';

type Props = {
  checks: AdminDto['checks'];
  checkedAt: string | null;
  mayCheck: boolean;
  checkAgain: FormAction;
  firstKey: string;
  onDone: () => void;
};

const settleMs = 2_500;

type Check = AdminDto['checks'][number];
const row =
  'grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t px-4 py-2 first:border-t-0 md:grid-cols-[232px_minmax(0,1fr)_84px]';

const CheckRow = ({ check }: { check: Check }) => (
  <li className={row}>
    <p className="font-medium break-words">{check.name}</p>
    <div className="min-w-0 text-t2 max-md:order-last max-md:col-span-2">
      <p className="break-words">{check.detail}</p>
      {check.advice && (
        <p className="break-words text-t1">
          {check.advice} {check.code && <Mono className="text-t3">{check.code}</Mono>}
        </p>
      )}
      {check.at && (
        <p className="text-12 text-t3">
          connected <Age iso={check.at} />
        </p>
      )}
    </div>
    <StatusWord status={check.status} className="self-start" />
  </li>
);

const passedWords = { secret: 'set', target: 'connected' } as const;

/** "14 secrets set", "24 secrets: No worker has said." */
function foldedWords({ kind, status, checks }: FoldedChecks): string {
  const count = countWords(checks.length, kind);
  return status === 'passed' ? `${count} ${passedWords[kind]}` : `${count}: ${checks[0]?.detail ?? 'unknown'}`;
}

/** "14 set": many that all hold are one line; their own lines are a press away. */
const FoldedRow = ({ group }: { group: FoldedChecks }) => (
  <li className="border-t first:border-t-0">
    <details className="group">
      <summary
        className={cn(
          row,
          'cursor-pointer list-none -outline-offset-2! hover:bg-s2 [&::-webkit-details-marker]:hidden',
        )}
      >
        <span className="font-medium">{group.title}</span>
        <span className="flex items-center gap-1.5 text-t2 max-md:order-last max-md:col-span-2">
          {foldedWords(group)}
          <ChevronDown size={14} aria-hidden="true" className="group-open:rotate-180" />
        </span>
        <StatusWord status={group.status} className="self-start" />
      </summary>
      <ul className="border-t bg-bg/50">
        {group.checks.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
      </ul>
    </details>
  </li>
);

/** What this console stands on. What does not hold comes first, with the next move. */
export function SystemCheck({ checks, checkedAt, mayCheck, ...again }: Props) {
  const { shown, folded } = foldChecks(checks);
  return (
    <Panel className="overflow-hidden">
      <PanelHead title="System check" aside={checkCounts(checks)} />
      <ul>
        {shown.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
        {folded.map((group) => (
          <FoldedRow key={`${group.kind} ${group.status}`} group={group} />
        ))}
      </ul>
      {mayCheck ? (
        <CheckAgain checkedAt={checkedAt} {...again} />
      ) : (
        <PanelFoot>
          <LastChecked at={checkedAt} />
        </PanelFoot>
      )}
    </Panel>
  );
}

const LastChecked = ({ at }: { at: string | null }) => (
  <p className="text-12 text-t3">
    {at ? (
      <>
        Machines and targets last checked <Time iso={at} format="datetime" />, <Age iso={at} hidden />
      </>
    ) : (
      'Machines and targets are not checked yet.'
    )}
  </p>
);

const CheckAgain = ({ checkAgain, checkedAt, firstKey, onDone }: Omit<Props, 'checks' | 'mayCheck'>) => (
  <ActionForm
    action={checkAgain}
    firstKey={firstKey}
    // The workers need a moment to connect; after it the next reading is asked for at once.
    onDone={() => setTimeout(onDone, settleMs)}
    label="Check again"
  >
    {({ state, pending }) => (
      <PanelFoot className="justify-between">
        <div className="min-w-0 flex-1">
          <LastChecked at={checkedAt} />
          <FormAnswer state={state} />
        </div>
        <Button type="submit" size="sm" icon={<RotateCw size={14} />} busy={pending ? 'Asking…' : undefined}>
          Check again
        </Button>
      </PanelFoot>
    )}
  </ActionForm>
);
