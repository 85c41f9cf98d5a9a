import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { ActDto } from '@/lib/views/dto';

/** Recommended first: in a failure the runbook's own order, with an open rule before a retry that would fail again.
 *  @param lasts what it found cannot go away: a retry comes last */
export function orderActs(step: DerivedStep, acts: ActDto[], lasts = false): ActDto[] {
  const policy: string[] = step.place.step.on_failure;
  const rank = ({ act }: ActDto): number => {
    if (act === 'choose-rule') return -1;
    if (lasts && act === 'retry') return policy.length + 1;
    const at = policy.indexOf(act === 'confirm-second' ? 'override' : act);
    return at < 0 ? policy.length : at;
  };
  return acts
    .map((act, index) => ({ act, index }))
    .sort((a, b) => rank(a.act) - rank(b.act) || a.index - b.index)
    .map(({ act }) => act);
}
