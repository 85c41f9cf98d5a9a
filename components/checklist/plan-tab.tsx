'use client';
import { Eye, Pencil } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/components/ui/cn';
import { Disclosure } from '@/components/ui/disclosure';
import { SearchInput } from '@/components/ui/input';
import { ExactText } from '@/components/ui/exact-text';
import { Tag } from '@/components/ui/tag';
import { Time } from '@/components/ui/time';
import { Mono } from '@/components/ui/mono';
import { formatDigest } from '@/lib/shared/format';
import type { PlanLine } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';
import { isLive } from '@/lib/shared/statuses';
import type { ActDto, AttemptDto, StepDetailDto } from '@/lib/views/dto';
import { ActButton } from './act-button';
import { noPlanWords } from './no-plan-words';
import { isSameError } from './said-once';
import { useWizard } from './wizard-context';
import { ErrorPanel } from '@/components/ui/error-panel';

const typeWord: Record<PlanLine['type'], string> = {
  sql: 'SQL',
  file: 'file',
  command: 'command',
  http: 'HTTP',
  env: 'env diff',
  check: 'check',
  wait: 'wait',
};

function EnvDifference({ text }: { text: string }) {
  return text.split('\n').map((line, index) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
      key={index}
      className={cn(
        'block',
        line.startsWith('+') && 'bg-green/tint text-green',
        line.startsWith('-') && 'bg-red/tint text-red',
      )}
    >
      {line || ' '}
    </span>
  ));
}

/** The very text: SQL, request, argv or difference. */
const Exact = ({ line, no }: { line: PlanLine; no: number }) => (
  <div className="relative mt-2">
    <ExactText
      label={`Line ${no}`}
      className="max-h-72 rounded-control border border-line bg-bg py-2 pr-10 pl-3 [overflow-wrap:anywhere] whitespace-pre-wrap"
    >
      {line.type === 'env' ? <EnvDifference text={line.text ?? ''} /> : line.text}
    </ExactText>
    <span className="absolute top-1 right-1">
      <CopyButton text={line.text ?? ''} label={`Copy line ${no}`} />
    </span>
  </div>
);

/** What tells one of two hundred alike from the next. */
const FirstLine = ({ line }: { line: PlanLine }) => (
  <>
    <span className="sr-only">Show the {typeWord[line.type]}: </span>
    <code className="min-w-0 truncate font-mono">{line.text?.split('\n', 1)[0]}</code>
  </>
);

function Line({ line, no, folded }: { line: PlanLine; no: number; folded: boolean }) {
  const writes = line.effect === 'write';
  return (
    <li className="group grid grid-cols-[28px_1fr] gap-x-3 border-t border-line px-6 py-3 first:border-t-0 max-md:px-4">
      <span className="pt-px text-right font-mono text-12 text-t3 tabular-nums">{no}</span>
      <div className="min-w-0">
        <div className="flex items-start gap-3 max-md:flex-col max-md:gap-1">
          <p className="min-w-0 flex-1 text-13 text-t1">{line.does}</p>
          <span className="flex shrink-0 items-center gap-2">
            {line.estimate && <span className="text-12 text-t3 max-md:hidden">{line.estimate}</span>}
            <Tag>{typeWord[line.type]}</Tag>
            <Tag>{line.on}</Tag>
            <span className={cn('flex w-16 items-center gap-1 text-12', writes ? 'font-medium text-t1' : 'text-t3')}>
              {writes ? <Pencil size={12} aria-hidden="true" /> : <Eye size={12} aria-hidden="true" />}
              {line.stays === false ? 'tries' : writes ? 'writes' : 'reads'}
            </span>
          </span>
        </div>
        {line.text && folded && (
          <Disclosure summary={<FirstLine line={line} />} className="mt-1 text-12">
            <Exact line={line} no={no} />
          </Disclosure>
        )}
        {line.text && !folded && <Exact line={line} no={no} />}
        {line.undo && (writes || line.undo !== 'nothing to undo') && (
          <p className="mt-1.5 text-12 text-t3">Undo: {line.undo}</p>
        )}
      </div>
    </li>
  );
}

type Props = {
  step: StepDetailDto;
  again: ActDto | null;
  /** What stands whole above already. */
  told: AttemptDto['error'];
};

/** Why there is no newer plan; the same trouble as the step's own is not told twice. */
const NotMade = ({ error, told }: { error: NonNullable<Props['told']>; told: Props['told'] }) =>
  isSameError(error, told) ? (
    <p className="text-13 text-t2">A new plan could not be made, for the reason above.</p>
  ) : (
    <ErrorPanel error={error} />
  );

function Missing({ step, told }: Pick<Props, 'step' | 'told'>) {
  const { view } = useWizard();
  const making = step.planAttempt;
  if (making?.error)
    return (
      <div className="p-6 max-md:p-4">
        <NotMade error={making.error} told={told} />
      </div>
    );
  if (making && isLive(making.state))
    return (
      <p role="status" className="px-6 py-8 text-13 text-t2">
        The plan is being made by {making.worker ?? 'a worker'}. Nothing is written.
      </p>
    );
  return (
    <p className="px-6 py-8 text-13 text-t2">
      {step.human ? 'A person decides here; nothing runs.' : noPlanWords(view)}
    </p>
  );
}

/** From here on the exact texts are folded and the lines can be filtered: a file of 200 tables has hundreds. */
const manyLines = 24;

function Lines({ lines }: { lines: PlanLine[] }) {
  const [text, setText] = useState('');
  const [writesOnly, setWritesOnly] = useState(false);
  const many = lines.length > manyLines;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = lines
    .map((line, index) => ({ line, no: index + 1 }))
    .filter(({ line }) => !writesOnly || line.effect === 'write')
    .filter(({ line }) => {
      const all = `${line.does} ${line.on} ${line.text ?? ''}`.toLowerCase();
      return words.every((word) => all.includes(word));
    });
  return (
    <>
      {many && (
        <div className="flex flex-wrap items-center gap-3 border-b border-line px-6 py-2 max-md:px-4">
          <SearchInput
            aria-label="Filter the plan"
            placeholder="Table or word"
            value={text}
            onChange={(event) => setText(event.target.value)}
            box="w-64 max-md:w-full"
            className="w-full"
          />
          <label className="flex items-center gap-2 text-12 text-t2 touch:min-h-11">
            <input type="checkbox" checked={writesOnly} onChange={(event) => setWritesOnly(event.target.checked)} />
            only what writes
          </label>
          <span className="ml-auto text-12 text-t3 tabular-nums">
            {shown.length} of {countWords(lines.length, 'line')}
          </span>
        </div>
      )}
      <ol>
        {shown.map(({ line, no }) => (
          <Line key={no} line={line} no={no} folded={many} />
        ))}
      </ol>
    </>
  );
}

/** Exactly what will be done, before it is done. */
export function PlanTab({ step, again, told }: Props) {
  const { plan } = step;
  const retry = again && !again.disabledReason && <ActButton act={again} size="sm" answerClass="basis-full" />;
  if (!plan)
    return (
      <>
        <Missing step={step} told={told} />
        {retry && <div className="px-6 pb-6 max-md:px-4">{retry}</div>}
      </>
    );
  const writes = plan.lines.filter((line) => line.effect === 'write' && line.stays !== false).length;
  const tries = plan.lines.some((line) => line.stays === false);
  return (
    <>
      {step.planAttempt?.error && (
        <div className="p-6 pb-0 max-md:p-4">
          <NotMade error={step.planAttempt.error} told={told} />
        </div>
      )}
      <Lines lines={plan.lines} />
      <footer className="flex flex-wrap items-center gap-x-2 border-t border-line px-6 py-3 text-12 text-t3 max-md:px-4">
        <span>
          Plan digest <Mono>{formatDigest(plan.digest)}</Mono> · made <Time iso={plan.madeAt} />
        </span>
        <span className="ml-auto">
          {writes === 0 ? `Nothing ${tries ? 'stays' : 'is'} written` : `${writes} of ${plan.lines.length} lines write`}
        </span>
        <CopyButton text={plan.digest} label="Copy plan digest" />
        {retry}
      </footer>
    </>
  );
}
