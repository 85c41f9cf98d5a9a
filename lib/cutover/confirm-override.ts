import { z } from 'zod';
import { confirmOverrideRow } from '@/db/queries/approval/confirm-override';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { loadCutover } from './load-cutover';
import { planReadySteps } from './plan-ready-steps';
import { auditKey, findStep, openLocked, pressOnce } from './press';
import { titleOf } from './walk-runbook';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string(), stepId: z.string() });

/** The second person of an override. @throws CutoverError second_person_needed for the one who asked */
export async function confirmOverride({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ overrideId: string }> {
  const role = requireRole(ctx, 'confirm-override');
  const { key, cutoverId, stepId } = Input.parse(input);
  return pressOnce(ctx, 'confirm-override', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    const pending = step.override;
    if (!pending || !(await confirmOverrideRow(tx, cutoverId, pending.id, ctx.actor.id))) {
      throw new CutoverError({
        code: pending?.by === ctx.actor.id ? 'second_person_needed' : 'state_forbids',
        message:
          pending?.by === ctx.actor.id
            ? 'You asked for this override; another person must confirm it.'
            : 'There is no override to confirm here.',
        advice: 'Open the cutover again to see where it stands.',
      });
    }
    await insertEvent(tx, cutoverId, 'state', stepId, { override: pending.id, confirmed: true });
    await planReadySteps(tx, await loadCutover(tx, cutoverId));
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'confirm-override',
      summary: `Confirmed the override of ${titleOf(step.place)}`,
      what: { stepId, overrideId: pending.id, askedBy: pending.by, reason: pending.reason },
    });
    return { overrideId: pending.id };
  });
}
