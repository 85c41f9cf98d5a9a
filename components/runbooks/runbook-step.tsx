import { Mono } from '@/components/ui/mono';
import { formatDuration } from '@/lib/shared/format';
import type { RunbookDto } from '@/lib/views/dto';

type Step = RunbookDto['phases'][number]['steps'][number];
export const stepAnchor = (id: string) => `step-${id}`;

/** One line of the runbook: what, why, after what, how long. */
export const RunbookStep = ({
  step,
  titles,
}: {
  step: Omit<Step, 'plannedMs' | 'needs'> & Partial<Step>;
  titles: Map<string, string>;
}) => (
  <li id={stepAnchor(step.id)} className="scroll-mt-4 border-t px-4 py-2.5 first:border-t-0 target:bg-s3">
    <div className="flex items-baseline gap-3">
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-3">
        <span className="font-medium break-words">{step.title}</span>
        <Mono className="text-t3">{step.kind}</Mono>
      </p>
      {step.plannedMs !== undefined && (
        <p className="ml-auto shrink-0 text-t2">{formatDuration(Math.max(step.plannedMs, 0)).replace('.0 s', ' s')}</p>
      )}
    </div>
    {step.why && <p className="mt-0.5 max-w-[72ch] break-words text-t2">{step.why}</p>}
    {step.needs && step.needs.length > 0 && (
      <p className="mt-0.5 text-12 text-t3">
        Needs{' '}
        {step.needs.map((need, index) => (
          <span key={need}>
            {index > 0 && ', '}
            <a
              href={`#${stepAnchor(need)}`}
              className="text-t2 underline decoration-line2 underline-offset-2 hover:text-t1"
            >
              {titles.get(need) ?? need}
            </a>
          </span>
        ))}
      </p>
    )}
  </li>
);
