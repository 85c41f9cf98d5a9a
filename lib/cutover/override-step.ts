import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertOverride } from '@/db/queries/approval/insert-override';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { auditKey, findStep, openLocked, pressOnce, requireTypedId } from './press';
import { refusedError } from './refuse';
import { titleOf } from './walk-runbook';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  stepId: z.string(),
  reason: z.string(),
  typedId: z.string().optional(),
});

/** An admin asks to go on without a verdict; it counts only once a second person confirms it, and shows for ever.
 *  @throws CutoverError reason_missing | typed_id_differs | state_forbids where the runbook offers no override */
export async function overrideStep({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ overrideId: string }> {
  const role = requireRole(ctx, 'override');
  const { key, cutoverId, stepId, reason, typedId } = Input.parse(input);
  if (!reason.trim())
    throw new CutoverError({
      code: 'reason_missing',
      message: 'An override needs a reason.',
      advice: 'Write why it is safe to go on.',
    });
  return pressOnce(ctx, 'override-step', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    if (!step.attempt || !step.acts.some(({ act }) => act === 'override'))
      throw await refusedError(tx, rows, step, {
        code: 'state_forbids',
        reason: 'The runbook offers no override here.',
      });
    requireTypedId(rows, typedId);
    const overrideId = randomUUID();
    await insertOverride(tx, {
      id: overrideId,
      cutoverId,
      stepId,
      attemptId: step.attempt.id,
      reason: reason.trim(),
      by: ctx.actor.id,
    });
    await insertEvent(tx, cutoverId, 'state', stepId, { override: overrideId });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'override-step',
      summary: `Asked to override ${titleOf(step.place)}`,
      what: { stepId, overrideId, attemptId: step.attempt.id, reason },
    });
    return { overrideId };
  });
}
