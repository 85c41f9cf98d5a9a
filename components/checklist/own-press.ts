import type { ActDto, WizardDto } from '@/lib/views/dto';

/** After this long without a sign of it the page says so, in ms. */
export const pressLateMs = 15_000;

/** A press of this tab that the server took and that the page does not show yet. */
export type OwnPress = {
  act: ActDto['act'] | 'switch';
  /** The words of its button, and what that says while it is under way. */
  label: string;
  busy: string;
  /** What the page showed of the cutover when it was pressed. */
  seen: string;
};

/** Forms whose press is owed a sign on the page. */
export const owesSign: ReadonlySet<string> = new Set(['run', 'plan', 'abandon', 'rollback']);

type Shown = Pick<WizardDto, 'state' | 'strip' | 'phases' | 'next' | 'step'>;

/** What a press changes: an attempt more, one that runs, another state. A plan is no attempt: it shows in what comes next. */
export function pressMark({ state, strip, phases, next, step }: Shown, act: OwnPress['act']): string {
  if (act === 'plan')
    return [step.planAttempt?.id, next.act?.act, next.act?.disabledReason, next.act?.planDigest, next.rest].join(' ');
  const steps = phases.flatMap((phase) =>
    phase.steps.map(({ attempts, running }) => `${attempts}${running ? '+' : ''}`),
  );
  return [state, next.lead, strip?.startedAt, strip?.attempts.length, ...steps].join(' ');
}

/** The press that the page still owes a sign of. */
export const owedPress = (press: OwnPress | null, view: Shown): OwnPress | null =>
  press && pressMark(view, press.act) === press.seen ? press : null;

/** The sentence meanwhile; `late`: the limit has passed. */
export function owedWords({ label, busy }: OwnPress, late: boolean): { lead: string; rest: string } {
  if (late)
    return {
      lead: 'Nothing is known yet.',
      rest: `The server took “${label}”, and nothing of it shows after ${pressLateMs / 1000} s. Look again before you press anything else.`,
    };
  return { lead: busy, rest: `The server took “${label}”. It shows here as soon as it has begun.` };
}

/** Why nothing else may be pressed meanwhile; null for what takes back. */
export function closedByPress(press: OwnPress | null, act: ActDto['act']): string | null {
  if (!press || act === 'cancel' || (act === 'rollback' && press.act !== 'rollback')) return null;
  return `“${press.label}” was taken and does not show here yet.`;
}
