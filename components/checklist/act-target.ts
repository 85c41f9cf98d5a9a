import { isLive } from '@/lib/shared/statuses';
import { routes } from '@/lib/shared/routes';
import type { ActDto, WizardDto } from '@/lib/views/dto';
import type { CardAct } from './wizard-url';

export const formActions = [
  'run',
  'plan',
  'cancel',
  'confirm-override',
  'confirm-outside',
  'abandon',
  'rollback',
] as const;
export type FormActionName = (typeof formActions)[number];

/** What a button does: posts a form, opens the decision card, or leads somewhere. */
export type ActTarget =
  | { kind: 'form'; action: FormActionName; fields: Record<string, string>; busy: string }
  | { kind: 'card'; act: CardAct; stepId: string }
  | { kind: 'step'; stepId: string; tab: 'checkpoints' | null; focus: string | null }
  | { kind: 'link'; href: string };

type Around = Pick<WizardDto, 'id' | 'step'>;

function cardOf(act: ActDto): CardAct {
  switch (act.act) {
    case 'repair':
    case 'rollback':
    case 'data-rollback':
    case 'abandon':
    case 'override':
    case 'close':
      return act.act;
    case 'confirm-second':
      return 'rollback';
    default:
      return 'switch';
  }
}

const runForm = (act: ActDto, around: Around): ActTarget => ({
  kind: 'form',
  action: 'run',
  fields: {
    cutoverId: around.id,
    stepId: act.stepId,
    planDigest: act.planDigest ?? '',
    seenAttempt: act.seenAttempt ?? 'none',
  },
  busy: 'Starting…',
});

/** The one place that says what pressing an act means. */
export function actTarget(act: ActDto, around: Around): ActTarget {
  if (act.card) return { kind: 'card', act: cardOf(act), stepId: act.stepId };
  const cutoverId = around.id;
  switch (act.act) {
    case 'plan':
      return { kind: 'form', action: 'plan', fields: { cutoverId, stepId: act.stepId }, busy: 'Planning…' };
    case 'cancel': {
      const attempt = around.step.attemptsList.findLast((one) => isLive(one.state)) ?? around.step.planAttempt;
      return {
        kind: 'form',
        action: 'cancel',
        fields: { cutoverId, attemptId: attempt?.id ?? '' },
        busy: 'Cancelling…',
      };
    }
    case 'choose-rule':
      return { kind: 'step', stepId: act.stepId, tab: 'checkpoints', focus: 'findings' };
    case 'tick':
      return { kind: 'step', stepId: act.stepId, tab: null, focus: 'checklist' };
    case 'sign-off':
      return { kind: 'link', href: routes.reviews(cutoverId, act.stepId) };
    case 'confirm-second':
      return {
        kind: 'form',
        action: 'confirm-override',
        fields: { cutoverId, stepId: act.stepId },
        busy: 'Confirming…',
      };
    case 'confirm-outside':
      return { kind: 'form', action: 'confirm-outside', fields: { cutoverId }, busy: 'Confirming…' };
    case 'abandon':
      return { kind: 'form', action: 'abandon', fields: { cutoverId }, busy: 'Abandoning…' };
    case 'rollback':
    case 'data-rollback':
      return {
        kind: 'form',
        action: 'rollback',
        busy: 'Rolling back…',
        fields: { cutoverId, kind: act.act === 'rollback' ? 'runtime' : 'data', planDigest: act.planDigest ?? '' },
      };
    default:
      return runForm(act, around);
  }
}
