'use client';
import { useEffect } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button, ButtonLink } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelBody, PanelFoot, PanelHead } from '@/components/ui/panel';
import { TClock, Time } from '@/components/ui/time';
import { routes } from '@/lib/shared/routes';
import type { ActionState, FormAction } from '@/lib/views/action-result';
import type { firstPhase, ProfileChoice } from './choose-profile';

type T0 = { zone: string; local: string; setLocal: (local: string) => void; iso: string | null };
type Props = {
  action: FormAction;
  firstKey: string;
  chosen: ProfileChoice | null;
  canPlan: boolean;
  t0: T0;
  first: ReturnType<typeof firstPhase>;
  modes: { from: string; to: string } | null;
  onPlanned: (href: string) => void;
};

function closedReason(canPlan: boolean, chosen: ProfileChoice | null): string | undefined {
  if (!canPlan) return 'Takes the role operator.';
  if (!chosen) return 'No profile can start now: each has a cutover already.';
  return chosen.blockedBy ?? undefined;
}

/** Goes on to the new cutover by itself; without scripts the answer is a link to it. */
function Planned({ state, onPlanned }: { state: ActionState; onPlanned: (href: string) => void }) {
  const href = state.ok ? state.href : undefined;
  useEffect(() => {
    if (href) onPlanned(href);
  }, [href, onPlanned]);
  return href ? (
    <p className="flex items-center gap-3 text-t1">
      Planned.{' '}
      <ButtonLink href={href} size="sm">
        Open the cutover
      </ButtonLink>
    </p>
  ) : null;
}

const TimeField = ({ t0, first, error }: Pick<Props, 't0' | 'first'> & { error: string | undefined }) => (
  <Field
    label={`T-0, when users are held (${t0.zone})`}
    error={error}
    hint={
      t0.iso ? (
        <>
          <TClock t0={t0.iso} />, in UTC {t0.iso.slice(11, 16)}.{' '}
          {first && (
            <>
              {first.title} {first.late ? 'was due at' : 'is due at'} <Time iso={first.at} format="short" />
              {first.late ? ', so the cutover starts late; nothing else changes.' : '.'}
            </>
          )}
        </>
      ) : (
        'A date and a time.'
      )
    }
  >
    {(id, describedBy, invalid) => (
      <Input
        id={id}
        type="datetime-local"
        name="t0"
        value={t0.local}
        onChange={(event) => t0.setLocal(event.target.value)}
        required
        suppressHydrationWarning
        invalid={invalid}
        aria-describedby={describedBy}
      />
    )}
  </Field>
);

export function PlanForm({ action, firstKey, chosen, canPlan, t0, first, modes, onPlanned }: Props) {
  return (
    <Panel>
      <PanelHead title="When and how" />
      <ActionForm action={action} firstKey={firstKey} label="Plan a cutover">
        {({ state, pending, errorOf }) => (
          <>
            {chosen && <Chosen chosen={chosen} />}
            <input type="hidden" name="kind" value="live" />
            <input type="hidden" name="zone" value={t0.zone} />
            <PanelBody className="grid gap-4 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
              <TimeField t0={t0} first={first} error={errorOf('t0')} />
              <div>
                <p className="mb-1 text-t2">What it does</p>
                <p className="text-t1">Nothing switches by itself: a person presses, step by step.</p>
                <p className="mt-1 text-12 text-t3">
                  Up to the switch the source is only read, and Abandon takes back what was made in the target.
                </p>
              </div>
            </PanelBody>
            <PanelFoot className="flex-wrap justify-between max-md:flex-col max-md:items-stretch">
              <div className="min-w-0 flex-1">
                {state.ok === null && <Sentence chosen={chosen} modes={modes} />}
                {state.ok === false && <FormAnswer state={state} />}
                <Planned state={state} onPlanned={onPlanned} />
              </div>
              <Button
                type="submit"
                variant="primary"
                busy={pending ? 'Planning…' : undefined}
                disabledReason={closedReason(canPlan, chosen)}
              >
                Plan the cutover
              </Button>
            </PanelFoot>
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
      <span className="font-semibold text-t1">{chosen.sourceId}</span> from <Mono>{modes.from}</Mono> to{' '}
      <Mono>{modes.to}</Mono>
    </p>
  ) : (
    <p className="text-t2">No profile can start now.</p>
  );
