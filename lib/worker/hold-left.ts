import type { Db } from '@/db/client';
import { readPressStart } from '@/db/queries/attempt/read-press-span';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { sequenceOf, walkRunbook } from '@/lib/cutover/walk-runbook';
import { CutoverError } from '@/lib/errors';

/** How much longer a switch may hold its users, milliseconds, also below 0: from the first freeze of the press, over all
 *  its cutovers. Null where nobody is held: before the freeze, from the thaw on, and on every way back. */
export async function holdLeftMs(db: Db, rows: CutoverRows, attempt: AttemptRow): Promise<number | null> {
  if (attempt.verb === 'undo' || attempt.verb === 'plan' || !attempt.pressId?.startsWith('switch:')) return null;
  const places = walkRunbook(rows.runbook);
  const place = places.find(({ step }) => step.id === attempt.stepId);
  const sequence = place ? sequenceOf(places, place) : [];
  const freeze = sequence.find(({ step }) => step.kind === 'freeze');
  const thaw = sequence.find(({ step }) => step.kind === 'thaw');
  if (!place || !freeze || place.index < freeze.index || (thaw && place.index >= thaw.index)) return null;
  const heldSince = await readPressStart(db, attempt.pressId, freeze.step.id);
  if (!heldSince) return null;
  return rows.runbook.freeze_limit_seconds * 1000 - (rows.now.getTime() - heldSince.getTime());
}

export const heldTooLong = ({ runbook }: Pick<CutoverRows, 'runbook'>, stepId: string): CutoverError =>
  new CutoverError({
    code: 'freeze_limit_passed',
    message: `Users were held for ${runbook.freeze_limit_seconds} s, the limit of this runbook, and ${stepId} was not done; so the switch returns to ${runbook.from} by itself.`,
    advice: 'See in its log what took long, then press the switch again; or raise freeze_limit_seconds in the runbook.',
    retry: 'now',
    facts: { stepId, limitSeconds: runbook.freeze_limit_seconds },
  });
