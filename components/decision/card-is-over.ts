import { actTarget } from '@/components/checklist/act-target';
import type { CardAct } from '@/components/checklist/wizard-url';
import type { WizardDto } from '@/lib/views/dto';

type Card = { act: CardAct; stepId: string | null };
type Around = Pick<WizardDto, 'id' | 'state' | 'strip' | 'phases' | 'step' | 'next' | 'exit' | 'extra'>;

/** The view offers this press right now. */
function isOffered(view: Around, card: Card): boolean {
  const acts = [view.next.act, view.exit, ...view.extra, ...view.step.moves];
  return acts.some((act) => {
    const target = act && !act.disabledReason ? actTarget(act, view) : null;
    return target?.kind === 'card' && target.act === card.act && (!card.stepId || target.stepId === card.stepId);
  });
}

/** What an address or the browser's history asks for has been done: there is nothing left to decide. */
export function cardIsOver(view: Around, card: Card): boolean {
  if (view.state === 'closed' || view.state === 'abandoned') return true;
  // A press has begun: its card is shut for good, also where its own answer found it gone already.
  if (view.strip?.outcome === 'running') return true;
  if (isOffered(view, card)) return false;
  if (card.act === 'rollback') return view.state === 'rolled_back';
  if (card.act === 'switch' && !card.stepId) return view.state === 'switched';
  const step = view.phases.flatMap(({ steps }) => steps).find(({ id }) => id === card.stepId);
  return (card.act === 'switch' || card.act === 'repair') && step?.status === 'passed';
}
