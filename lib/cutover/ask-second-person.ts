import { z } from 'zod';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { deriveExits } from './derive-acts';
import { auditKey, openLocked, pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  act: z.enum(['rollback', 'data-rollback']).default('data-rollback'),
});

/** Puts a rollback into the inbox of whoever may stand behind it. @throws CutoverError role_missing | state_forbids */
export async function askSecondPerson({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ asked: true }> {
  const role = requireRole(ctx, 'ask-second');
  const { key, cutoverId, act } = Input.parse(input);
  return pressOnce(ctx, 'ask-second-person', key, async (tx) => {
    const { rows, steps } = await openLocked(tx, cutoverId);
    if (!deriveExits(rows, steps).some((exit) => exit.act === act))
      throw new CutoverError({
        code: 'state_forbids',
        message: `A ${act.replace('-', ' ')} is not possible while the cutover is ${rows.cutover.state.replace('_', ' ')}.`,
        advice: 'Open the cutover to see what may be done now.',
      });
    await insertEvent(tx, cutoverId, 'state', null, { askedSecondPerson: act });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'ask-second-person',
      summary: `Asked for a second person behind the ${act.replace('-', ' ')}`,
      what: { act },
    });
    return { asked: true };
  });
}
