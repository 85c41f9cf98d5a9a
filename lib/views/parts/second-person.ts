import type { Actor } from '@/lib/auth/actor';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import { needsSecondPerson } from '@/lib/cutover/loss';
import type { DecisionDto } from '@/lib/views/dto';
import type { OpenCutover } from './open-cutover';

type Second = DecisionDto['secondPerson'];
const notNeeded: Second = { needed: false, by: null, at: null, mayConfirm: false, reason: null };

/** Who stands beside the one who presses. */
export function secondPersonOf(
  { rows, people }: OpenCutover,
  actor: Actor,
  act: DecisionDto['act'],
  step: DerivedStep,
): Second {
  if (act === 'override')
    return {
      ...notNeeded,
      needed: true,
      reason: 'A second person confirms it afterwards; until then nothing changes.',
    };
  if (act !== 'rollback' && act !== 'data-rollback') return notNeeded;
  if (!needsSecondPerson(rows, act, step.plan?.loss)) return notNeeded;
  const confirmed = rows.secondPersons.filter((row) => row.act === act && row.planDigest === step.plan?.digest);
  const other = confirmed.find(({ by }) => by !== actor.id);
  if (other)
    return {
      needed: true,
      by: people.get(other.by) ?? '',
      at: other.at.toISOString(),
      mayConfirm: false,
      reason: null,
    };
  if (confirmed.length > 0)
    return { ...notNeeded, needed: true, reason: 'You confirmed it, so another person presses.' };
  return {
    ...notNeeded,
    needed: true,
    // Who operates this cutover presses; standing behind it as well would lock them out.
    mayConfirm: step.plan !== null && !rows.attempts.some(({ requestedBy }) => requestedBy === actor.id),
    reason: step.plan ? 'Waits for a second person, who opens this card and confirms.' : 'Its plan is being made.',
  };
}
