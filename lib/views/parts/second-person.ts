import type { Actor } from '@/lib/auth/actor';
import { confirmationsOf, standsBehind } from '@/lib/cutover/loss';
import { mayAct, stepsRunBy } from '@/lib/cutover/who-may';
import { formatCount } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
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
  const confirmed = confirmationsOf(rows, act, group.planDigest);
  const stands = confirmed.filter((row) => standsBehind(rows, row, group.lossSeen));
  const other = stands.findLast(({ by }) => by !== actor.id);
  if (other)
    return {
      needed: true,
      by: people.get(other.by) ?? '',
      at: other.at.toISOString(),
      mayConfirm: false,
      reason: null,
      ask: null,
    };
  if (stands.length > 0) return { ...notNeeded, needed: true, reason: 'You confirmed it, so another person presses.' };
  const lapsed = confirmed.at(-1);
  return {
    ...notNeeded,
    needed: true,
    ask: {
      mayAsk: mayAct('ask-second', actor),
      // What was asked for and given since is asked for anew.
      askedAt: askedAt && !(lapsed && lapsed.at > askedAt) ? askedAt.toISOString() : null,
    },
    // Who operates this cutover presses; standing behind it as well would lock them out.
    mayConfirm: group.planDigest !== null && !group.lossOld && stepsRunBy(rows, actor.id).length === 0,
    reason: !group.planDigest
      ? 'Its plan is being made.'
      : act === 'rollback' && group.lossOld
        ? 'The rows that would be lost were read over a minute ago. They are read again before a second person confirms.'
        : lapsed
          ? `${people.get(lapsed.by) ?? 'A person who left'} stood behind ${lapsed.loss === null ? 'a loss' : countWords(BigInt(lapsed.loss), 'row')}; ${group.lossSeen.count === null ? 'nobody can count them now' : `by now it is ${formatCount(group.lossSeen.count)}`}. Waits for a second person again.`
          : 'Waits for a second person, who opens this card and confirms.',
  };
}
