'use client';
import { useSearchParams } from 'next/navigation';
import { useView } from '@/components/live/use-view';
import { PageBody } from '@/components/shell/page-body';
import { ButtonLink } from '@/components/ui/button';
import { useServerNow } from '@/components/ui/clock';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';
import type { FormAction } from '@/lib/views/action-result';
import type { NewCutoverDto } from '@/lib/views/dto';
import { AloneRunbooks } from './alone-runbooks';
import { chosenProfile, firstPhase, withRunbook } from './choose-profile';
import { OnlyOperators } from './only-operators';
import { PlanForm } from './plan-form';
import { ProfileChoices } from './profile-choice';
import { RunbookChoice } from './runbook-choice';
import { RunbookPreview } from './runbook-preview';
import { useT0 } from './use-t0';

type Props = { initial: NewCutoverDto; action: FormAction; firstKey: string };

export function NewCutover({ initial, action, firstKey }: Props) {
  const { view } = useView<NewCutoverDto>('new-cutover', {}, initial);
  const query = useSearchParams();
  const t0 = useT0(initial.suggestedT0);
  const nowMs = useServerNow(10_000);
  const chosen = withRunbook(
    chosenProfile(view.profiles, query.get('system'), query.get('source')),
    query.get('runbook'),
  );
  const runbook = chosen ? view.runbooks[chosen.runbook] : undefined;
  return (
    <PageBody>
      <PageHead
        title="Plan a cutover"
        sub="Planning touches nothing outside this console. Every step then waits for a press."
      />
      {!view.canPlan ? (
        <OnlyOperators does="An operator chooses a profile, its runbook, when users are held and who is asked to sign off." />
      ) : view.profiles.length === 0 ? (
        <Panel>
          <EmptyState
            title="The fleet file names no profile."
            detail="Add one to it; this page reads the file again by itself."
            action={
              <ButtonLink href={routes.fleet()} size="sm">
                See the fleet
              </ButtonLink>
            }
          />
        </Panel>
      ) : (
        <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_minmax(0,600px)]">
          <ProfileChoices profiles={view.profiles} chosen={chosen} named={query.has('source')} />
          <div className="flex min-w-0 flex-col gap-4 wide:sticky wide:top-6">
            {chosen && <RunbookChoice chosen={chosen} runbooks={view.runbooks} />}
            <PlanForm
              action={action}
              firstKey={firstKey}
              chosen={chosen}
              t0={t0}
              first={runbook && t0.iso ? firstPhase(t0.iso, runbook.phases, nowMs) : null}
              modes={runbook ? { from: runbook.from, to: runbook.to } : null}
              reviewers={view.reviewers}
            />
            {chosen && chosen.alone.length > 0 && <AloneRunbooks runbooks={chosen.alone} />}
            {chosen && runbook && <RunbookPreview name={chosen.runbook} runbook={runbook} t0={t0.iso} />}
          </div>
        </div>
      )}
    </PageBody>
  );
}
