import { z } from 'zod';
import { insertTick } from '@/db/queries/approval/insert-tick';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { checklistItems } from './derive-human';
import { loadCutover } from './load-cutover';
import { planReadySteps } from './plan-ready-steps';
import { auditKey, findStep, openLocked, pressOnce } from './press';
import { refusedError } from './refuse';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  stepId: z.string(),
  itemId: z.string(),
  note: z.string().trim().min(1),
});

/** A person's word on one item, with a note; the first tick stays. @throws CutoverError gate_closed | input_invalid */
export async function tickItem({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ itemId: string }> {
  const role = requireRole(ctx, 'tick');
  const { key, cutoverId, stepId, itemId, note } = Input.parse(input);
  return pressOnce(ctx, 'tick-item', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    const item = checklistItems(step.place).find(({ id }) => id === itemId);
    if (!item)
      throw new CutoverError({
        code: 'input_invalid',
        message: `${stepId} has no item ${itemId}.`,
        advice: 'Tick one of the listed items.',
      });
    if (!step.gate.open)
      throw await refusedError(tx, rows, step, {
        code: step.gate.code,
        reason: step.gate.reason ?? 'Its gate is closed.',
      });
    if (await insertTick(tx, { cutoverId, stepId, itemId, note, by: ctx.actor.id })) {
      await insertEvent(tx, cutoverId, 'tick', stepId, { itemId });
      await planReadySteps(tx, await loadCutover(tx, cutoverId));
      await appendAudit(tx, {
        ...auditKey(rows),
        actor: ctx.actor.id,
        role,
        act: 'tick-item',
        summary: `Ticked: ${item.text}`,
        what: { stepId, itemId, note },
      });
    }
    return { itemId };
  });
}
