import { z } from 'zod';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { deriveExits } from './derive-acts';
import { auditKey, openLocked, pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string() });

/** Puts the data rollback into the inbox of whoever may stand behind it. One that drops what users write is asked for by its
 *  open card alone, which reads the loss again and again. @throws CutoverError role_missing | state_forbids */
export async function askSecondPerson({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ asked: true }> {
  const role = requireRole(ctx, 'ask-second');
  const { key, cutoverId } = Input.parse(input);
  return pressOnce(ctx, 'ask-second-person', key, async (tx) => {
    const { rows, steps } = await openLocked(tx, cutoverId);
    if (!deriveExits(rows, steps).some(({ act }) => act === 'data-rollback'))
      throw new CutoverError({
        code: 'state_forbids',
        message: `A data rollback is not possible while the cutover is ${rows.cutover.state.replace('_', ' ')}.`,
        advice: 'Open the cutover to see what may be done now.',
      });
    await insertEvent(tx, cutoverId, 'state', null, { askedSecondPerson: 'data-rollback' });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'ask-second-person',
      summary: 'Asked for a second person behind the data rollback',
      what: { act: 'data-rollback' },
    });
    return { asked: true };
  });
}
