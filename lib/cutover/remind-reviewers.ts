import { z } from 'zod';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { saveReminder } from '@/db/queries/cutover/save-reminder';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { formatAbout } from '@/lib/shared/format';
import type { VerbContext } from './context';
import { auditKey, findStep, openLocked, pressOnce } from './press';
import { refusedError } from './refuse';
import { remindAgainAt, remindEveryMs, waitsForReview } from './reminder';
import { titleOf } from './walk-runbook';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string(), stepId: z.string() });

/** Puts a waiting sign-off on top of the inbox of those who were asked for it, or of every reviewer where nobody was.
 *  @throws CutoverError role_missing | state_forbids | reminded_lately */
export async function remindReviewers({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ reminded: true }> {
  const role = requireRole(ctx, 'remind');
  const { key, cutoverId, stepId } = Input.parse(input);
  return pressOnce(ctx, 'remind-reviewers', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    if (step.place.human !== 'sign-off' || !waitsForReview(step))
      throw await refusedError(tx, rows, step, { code: 'state_forbids', reason: 'It waits for no sign-off.' });
    if (!(await saveReminder(tx, { cutoverId, stepId, by: ctx.actor.id }, remindEveryMs / 1000))) {
      const againMs = (remindAgainAt(rows)?.getTime() ?? rows.now.getTime()) - rows.now.getTime();
      throw new CutoverError({
        code: 'reminded_lately',
        message: `The reviewers of this cutover were reminded less than ${formatAbout(remindEveryMs)} ago.`,
        advice: `Remind again in ${formatAbout(againMs)}, or send them the link.`,
        retry: 'later',
      });
    }
    await insertEvent(tx, cutoverId, 'reminder', stepId, { asked: rows.cutover.asked });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'remind-reviewers',
      summary: `Reminded of: ${titleOf(step.place)}`,
      what: { stepId, asked: rows.cutover.asked },
    });
    return { reminded: true };
  });
}
