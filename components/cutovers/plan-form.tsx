'use client';
import { LeftAside } from '@/components/profiles/left-aside';
import { ActionForm } from '@/components/forms/action-form';
import { ButtonLink } from '@/components/ui/button';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelBody, PanelHead } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/shared/routes';
import type { FormAction } from '@/lib/views/action-result';
import type { NewCutoverDto } from '@/lib/views/dto';
import { AskedPeople } from './asked-people';
import type { firstPhase, ProfileChoice } from './choose-profile';
import { PlanFoot } from './plan-foot';
import { SurfaceChoice } from './surface-choice';
import { TimeField } from './time-field';
import type { T0 } from './use-t0';

type Props = {
  action: FormAction;
  firstKey: string;
  chosen: ProfileChoice | null;
  t0: T0;
  first: ReturnType<typeof firstPhase>;
  modes: { from: string; to: string } | null;
  reviewers: NewCutoverDto['reviewers'];
};

function closedReason(chosen: ProfileChoice | null): string | undefined {
  if (!chosen) return 'No profile can start now: each has a cutover already.';
  return chosen.blockedBy ?? undefined;
}

export function PlanForm({ action, firstKey, chosen, t0, first, modes, reviewers }: Props) {
  return (
    <Panel>
      <PanelHead title="When and who" />
      <ActionForm action={action} firstKey={firstKey} label="Plan a cutover">
        {({ state, pending, errorOf }) => (
          <>
            {chosen && <Chosen chosen={chosen} />}
            {chosen?.leftAside && (
              <div className="px-4 pt-4">
                <LeftAside left={chosen.leftAside} />
              </div>
            )}
            <input type="hidden" name="kind" value="live" />
            <PanelBody className="grid gap-4 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
              <TimeField
                t0={t0}
                label="T-0, when users are held"
                error={errorOf('t0')}
                more={
                  first && (
                    <>
                      {first.title} {first.late ? 'was due at' : 'is due at'} <Time iso={first.at} format="short" />
                      {first.late ? ', so the cutover starts late; nothing else changes.' : '.'}
                    </>
                  )
                }
              />
              <AskedPeople reviewers={reviewers} error={errorOf('asked')} />
              <p className="text-12 text-t3 md:col-span-2">
                A live cutover; rehearsals on copies are not available in this version.{' '}
                {modes && modes.from === modes.to
                  ? 'Up to the press the live schema is only read, and nothing is pressed by itself.'
                  : 'Up to the switch the source is only read, nothing switches by itself, and Abandon takes back what was made in the target.'}
              </p>
            </PanelBody>
            {chosen && modes && chosen.surfaces.length > 0 && (
              <SurfaceChoice key={`${chosen.system} ${chosen.sourceId}`} surfaces={chosen.surfaces} to={modes.to} />
            )}
            <PlanFoot
              state={state}
              pending={pending}
              planned="Open the cutover"
              button="Plan the cutover"
              disabledReason={closedReason(chosen)}
            >
              <Sentence chosen={chosen} modes={modes} />
            </PlanFoot>
          </>
        )}
      </ActionForm>
    </Panel>
  );
}

const Chosen = ({ chosen }: { chosen: ProfileChoice }) =>
  Object.entries({ system: chosen.system, sourceId: chosen.sourceId, runbook: chosen.runbook }).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));

const Sentence = ({ chosen, modes }: Pick<Props, 'chosen' | 'modes'>) =>
  chosen?.blockedBy ? (
    <p className="flex flex-wrap items-center gap-3 text-t2">
      {chosen.blockedBy}
      {chosen.openCutoverId && (
        <ButtonLink href={routes.cutover(chosen.openCutoverId)} size="sm">
          Open it
        </ButtonLink>
      )}
    </p>
  ) : chosen && modes ? (
    <p className="text-14 text-t2">
      <span className="font-semibold text-t1">{chosen.sourceId}</span> {modes.from === modes.to ? 'stays on ' : 'from '}
      <Mono>{modes.from}</Mono>
      {modes.from !== modes.to && (
        <>
          {' to '}
          <Mono>{modes.to}</Mono>
        </>
      )}
    </p>
  ) : (
    <p className="text-t2">No profile can start now.</p>
  );
