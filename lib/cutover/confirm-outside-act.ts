import { z } from 'zod';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { loadCutover } from './load-cutover';
import { planReadySteps } from './plan-ready-steps';
import { auditKey, openLocked, pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string() });

/** A person has looked at what was done outside; steps may start again. @throws CutoverError state_forbids when there is nothing to confirm */
export async function confirmOutsideAct({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ confirmed: true }> {
  const role = requireRole(ctx, 'confirm-outside');
  const { key, cutoverId } = Input.parse(input);
  return pressOnce(ctx, 'confirm-outside-act', key, async (tx) => {
    const { rows } = await openLocked(tx, cutoverId);
    const { state, outsideActAt } = rows.cutover;
    if (!outsideActAt || !(await updateCutover(tx, cutoverId, [state], { outsideActAt: null }))) {
      throw new CutoverError({
        code: 'state_forbids',
        message: 'No act made outside waits for a confirmation.',
        advice: 'Open the cutover again.',
      });
    }
    await insertEvent(tx, cutoverId, 'state', null, { outsideActConfirmed: true });
    await planReadySteps(tx, await loadCutover(tx, cutoverId));
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'confirm-outside-act',
      summary: 'Confirmed the rollback that was made outside the console',
      what: { outsideActAt: outsideActAt.toISOString() },
    });
    return { confirmed: true as const };
  });
}
