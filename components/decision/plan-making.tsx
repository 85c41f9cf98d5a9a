'use client';
import { useWizard } from '@/components/checklist/wizard-context';
import { useServerNow } from '@/components/ui/clock';
import { CopyButton } from '@/components/ui/copy-button';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { formatAbout } from '@/lib/shared/format';
import { breakGlassCommand } from '@/lib/shared/shell-text';
import type { DecisionDto } from '@/lib/views/dto';

/** Why the way out has no plan yet and for how long, with the way back that waits for none. */
export function PlanMaking({ planning }: { planning: NonNullable<DecisionDto['planning']> }) {
  const { view } = useWizard();
  const nowMs = useServerNow(1_000);
  const { why, since, breakGlass } = planning;
  const command = breakGlassCommand(view.system, view.sourceId, 'could not wait for the plan');
  return (
    <section aria-label="Its plan" className="mx-6 mb-4 rounded-panel border border-blue/45 px-3 py-2 max-md:mx-4">
      <p className="flex items-start gap-2 text-13 text-t1">
        <StatusGlyph status={since ? 'running' : 'waiting'} className="mt-0.5" />
        <span className="min-w-0">
          {why}
          {since && (
            <span className="text-t2 tabular-nums">
              {' '}
              For {formatAbout(Math.max(0, nowMs - Date.parse(since)))} now.
            </span>
          )}
        </span>
      </p>
      {breakGlass && (
        <>
          <p className="mt-2 text-12 text-t2">
            It cannot wait? On the worker’s host this goes back from the flight card at once, without a plan or a list
            of what is lost:
          </p>
          <div className="mt-1 flex items-center justify-between gap-2 rounded-control border border-line bg-bg py-1 pr-1 pl-3">
            <code className="min-w-0 break-words py-1 font-mono text-12">{command}</code>
            <CopyButton text={command} label="Copy command" />
          </div>
        </>
      )}
    </section>
  );
}
