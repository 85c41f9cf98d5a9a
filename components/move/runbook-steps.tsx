import { ButtonLink } from '@/components/ui/button';
import { Panel, PanelBody, PanelHead } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';
import type { MoveFileDto } from '@/lib/views/dto';

/** What will be walked, step by step; each waits for a press. */
export const RunbookSteps = ({ runbook }: { runbook: NonNullable<MoveFileDto['runbook']> }) => (
  <Panel>
    <PanelHead
      title={runbook.title}
      aside={
        <ButtonLink href={routes.runbook(runbook.name)} size="sm" variant="ghost">
          Read it
        </ButtonLink>
      }
    />
    <PanelBody>
      <p className="mb-3 text-t2">{runbook.summary}</p>
      <ol className="flex flex-col gap-1.5">
        {runbook.steps.map((step, at) => (
          <li key={step} className="flex gap-3 text-t1">
            <span className="w-4 shrink-0 text-right text-t3 tabular-nums">{at + 1}</span>
            {step}
          </li>
        ))}
      </ol>
    </PanelBody>
  </Panel>
);
