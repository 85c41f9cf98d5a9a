'use client';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { ActionForm } from '@/components/forms/action-form';
import { useView } from '@/components/live/use-view';
import { PageBody } from '@/components/shell/page-body';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { PageHead } from '@/components/ui/page-head';
import { Panel, PanelBody, PanelHead } from '@/components/ui/panel';
import { routes } from '@/lib/shared/routes';
import { waveTimes } from '@/lib/shared/wave';
import { countWords } from '@/lib/shared/words';
import type { FormAction } from '@/lib/views/action-result';
import type { NewCutoverDto } from '@/lib/views/dto';
import { chosenWave, type ProfileChoice } from './choose-profile';
import { OnlyOperators } from './only-operators';
import { PlanFoot } from './plan-foot';
import { TimeField } from './time-field';
import { useT0 } from './use-t0';
import { WaveMember } from './wave-member';

type Props = { initial: NewCutoverDto; action: FormAction; firstKey: string };
const gapAtFirst = 15;

function closedReason(wave: ProfileChoice[]): string | undefined {
  const blocked = wave.find(({ blockedBy }) => blockedBy !== null);
  return blocked ? `${blocked.sourceId}: ${blocked.blockedBy} Leave it out to go on.` : undefined;
}

/** One cutover for each chosen profile: planned together, each pressed by itself when its time has come. */
export function PlanWave({ initial, action, firstKey }: Props) {
  const { view } = useView<NewCutoverDto>('new-cutover', {}, initial);
  const wave = chosenWave(view.profiles, useSearchParams().getAll('profile'));
  const t0 = useT0(initial.suggestedT0);
  const [gap, setGap] = useState(String(gapAtFirst));
  const times = t0.iso ? waveTimes(wave, Date.parse(t0.iso), Math.max(0, Number(gap) || 0)) : [];
  return (
    <PageBody>
      <PageHead
        title="Plan a wave"
        sub="One cutover for each profile. Planning touches nothing outside this console, and no switch starts by itself."
      />
      {!view.canPlan ? (
        <OnlyOperators does="An operator plans one cutover for each chosen profile, one after the other." />
      ) : wave.length === 0 ? (
        <Panel>
          <EmptyState
            title="No profile is chosen."
            detail="Choose them in the list of the fleet."
            action={
              <ButtonLink href={routes.fleet()} size="sm">
                See the fleet
              </ButtonLink>
            }
          />
        </Panel>
      ) : (
        <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_minmax(0,440px)]">
          <Panel className="overflow-hidden">
            <PanelHead title={`${countWords(wave.length, 'profile')} chosen`} aside="T-0" />
            <ul>
              {wave.map((profile, at) => (
                <WaveMember
                  key={`${profile.system}/${profile.sourceId}`}
                  profile={profile}
                  at={times[at] === undefined ? null : new Date(times[at]).toISOString()}
                  rest={wave.filter((other) => other !== profile)}
                  runbook={view.runbooks[profile.runbook]}
                />
              ))}
            </ul>
          </Panel>
          <Panel>
            <PanelHead title="When" />
            <ActionForm action={action} firstKey={firstKey} label="Plan a wave">
              {({ state, pending, errorOf }) => (
                <>
                  {wave.map(({ system, sourceId }) => (
                    <input
                      key={`${system}/${sourceId}`}
                      type="hidden"
                      name="profile"
                      value={JSON.stringify([system, sourceId])}
                    />
                  ))}
                  <PanelBody className="flex flex-col gap-4">
                    <TimeField t0={t0} label="T-0 of the first" error={errorOf('t0')} />
                    <Field
                      label="Minutes between two processes"
                      hint="Profiles behind one process switch together, so they share a T-0."
                      error={errorOf('gapMinutes')}
                    >
                      {(id, describedBy, invalid) => (
                        <Input
                          id={id}
                          name="gapMinutes"
                          type="number"
                          min={0}
                          max={1440}
                          inputMode="numeric"
                          value={gap}
                          onChange={(event) => setGap(event.target.value)}
                          invalid={invalid}
                          aria-describedby={describedBy}
                        />
                      )}
                    </Field>
                    <p className="text-12 text-t3">
                      All of them are planned, or none. Each then walks its own runbook, with its own gate and sign-off.
                    </p>
                  </PanelBody>
                  <PlanFoot
                    state={state}
                    pending={pending}
                    planned="See the cutovers"
                    button={`Plan ${countWords(wave.length, 'cutover')}`}
                    disabledReason={closedReason(wave)}
                  />
                </>
              )}
            </ActionForm>
          </Panel>
        </div>
      )}
    </PageBody>
  );
}
