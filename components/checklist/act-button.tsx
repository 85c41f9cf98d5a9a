'use client';
import { type ReactNode, useRef } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import type { ActDto } from '@/lib/views/dto';
import { type ActTarget, actTarget, type FormActionName } from './act-target';
import { FormAnswer } from './form-answer';
import { closedByPress, owesSign, pressMark } from './own-press';
import { useFormAction } from './use-form-action';
import { useWizard, type WizardActions } from './wizard-context';
import { placeQuery, type WizardPlace } from './wizard-url';

type Look = {
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger';
  size?: 'md' | 'sm' | 'lg';
  icon?: ReactNode;
  className?: string;
  /** 0..1: keeps the place of a primary that waits, with a line that grows along its foot. */
  waiting?: number | null;
  answerClass?: string;
};

const actionOf: Record<FormActionName, keyof WizardActions> = {
  run: 'runStep',
  plan: 'makePlan',
  cancel: 'cancelAttempt',
  'confirm-override': 'confirmOverride',
  'confirm-outside': 'confirmOutsideAct',
  abandon: 'abandon',
  rollback: 'rollBack',
};

function ActForm({ act, target, look }: { act: ActDto; target: Extract<ActTarget, { kind: 'form' }>; look: Look }) {
  const { view, actions, firstKey, refresh, held } = useWizard();
  const { answerClass, ...button } = look;
  const seen = useRef<string | null>(null);
  const { state, post, pending, key } = useFormAction(actions[actionOf[target.action]], firstKey, () => {
    if (seen.current !== null && owesSign.has(target.action))
      held.took({ act: act.act, label: act.label, busy: target.busy, seen: seen.current });
    refresh();
  });
  // Where this very button was pressed it says so; any other is closed with the reason.
  const own = held.press?.act === act.act && held.press.label === act.label && !held.late;
  return (
    <form
      action={post}
      onSubmit={() => {
        seen.current = pressMark(view, act.act);
      }}
      className="contents"
    >
      <input type="hidden" name="key" value={key} />
      {Object.entries(target.fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button
        type="submit"
        {...button}
        busy={pending || own ? target.busy : undefined}
        disabledReason={act.disabledReason ?? closedByPress(held.press, act.act) ?? undefined}
      >
        {act.label}
      </Button>
      {state.ok === false && <FormAnswer state={state} className={answerClass} />}
    </form>
  );
}

function placeOf(target: Exclude<ActTarget, { kind: 'form' | 'link' }>, place: WizardPlace): WizardPlace {
  if (target.kind === 'card') return { ...place, card: { act: target.act, stepId: target.stepId } };
  return { stepId: target.stepId, tab: target.tab, card: null };
}

/** Scrolls the pane that holds the element, and nothing around it: the shell is clipped and would scroll away. */
function scrollPaneTo(id: string): void {
  const element = document.getElementById(id);
  let pane = element?.parentElement ?? null;
  while (pane && !/auto|scroll/.test(getComputedStyle(pane).overflowY)) pane = pane.parentElement;
  if (!element || !pane) return;
  const offset = element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollTo({ top: pane.scrollTop + offset - pane.clientHeight / 3 });
}

/** The button of an act. Forms post by themselves and cards are links, so both work before hydration. */
export function ActButton({ act, ...look }: { act: ActDto } & Look) {
  const { view, place, go, held } = useWizard();
  const target = actTarget(act, view);
  const { answerClass: _, ...button } = look;
  if (target.kind === 'form') return <ActForm key={`${act.act} ${act.stepId}`} act={act} target={target} look={look} />;
  const closed = closedByPress(held.press, act.act) ?? (act.opensClosed ? null : act.disabledReason);
  if (closed)
    return (
      <Button type="button" {...button} disabledReason={closed}>
        {act.label}
      </Button>
    );
  if (target.kind === 'link')
    return (
      <ButtonLink href={target.href} {...button}>
        {act.label}
      </ButtonLink>
    );
  const next = placeOf(target, place);
  const focus = target.kind === 'step' ? target.focus : null;
  return (
    <ButtonLink
      prefetch={false}
      href={`${placeQuery(next) || '?'}${focus ? `#${focus}` : ''}`}
      {...button}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(next);
        if (focus) setTimeout(() => scrollPaneTo(focus), 50);
      }}
    >
      {act.label}
    </ButtonLink>
  );
}
