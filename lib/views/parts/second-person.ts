import type { Actor } from '@/lib/auth/actor';
import { mayAct, stepsRunBy } from '@/lib/cutover/who-may';
import type { DecisionDto } from '@/lib/views/dto';
import type { OpenCutover } from './open-cutover';
import type { PressGroup } from './press-group';

type Second = DecisionDto['secondPerson'];
const notNeeded: Second = { needed: false, by: null, at: null, mayConfirm: false, reason: null, ask: null };

/** Who stands beside the one who presses. */
export function secondPersonOf(
  { rows, people }: OpenCutover,
  actor: Actor,
  act: DecisionDto['act'],
  group: PressGroup,
  askedAt: Date | null,
): Second {
  if (act === 'override')
    return {
      ...notNeeded,
      needed: true,
      reason: 'A second person confirms it afterwards; until then nothing changes.',
    };
  if (act !== 'rollback' && act !== 'data-rollback') return notNeeded;
  if (!group.secondNeeded) return notNeeded;
  const confirmed = rows.secondPersons.filter((row) => row.act === act && row.planDigest === group.planDigest);
  const other = confirmed.find(({ by }) => by !== actor.id);
  if (other)
    return {
      needed: true,
      by: people.get(other.by) ?? '',
      at: other.at.toISOString(),
      mayConfirm: false,
      reason: null,
      ask: null,
    };
  if (confirmed.length > 0)
    return { ...notNeeded, needed: true, reason: 'You confirmed it, so another person presses.' };
  return {
    ...notNeeded,
    needed: true,
    // Who operates this cutover presses; standing behind it as well would lock them out.
    ask:
      act === 'data-rollback'
        ? {
            mayAsk: mayAct('ask-second', actor),
            askedAt: askedAt?.toISOString() ?? null,
          }
        : null,
    mayConfirm: group.planDigest !== null && stepsRunBy(rows, actor.id).length === 0,
    reason: group.planDigest
      ? 'Waits for a second person, who opens this card and confirms.'
      : 'Its plan is being made.',
  };
}
