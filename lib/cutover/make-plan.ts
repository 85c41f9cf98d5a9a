import { z } from 'zod';
import { appendAudit } from '@/lib/audit/append';
import { requireRole, type VerbContext } from './context';
import { addAttempt } from './new-attempt';
import { auditKey, findStep, openLocked, pressOnce } from './press';
import { refusedError } from './refuse';
import { titleOf } from './walk-runbook';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string(), stepId: z.string() });

/** Asks the worker for a new plan; it writes nothing outside. @throws CutoverError gate_closed | step_running */
export async function makePlan({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ attemptId: string }> {
  const role = requireRole(ctx, ['operator', 'admin'], 'make a plan');
  const { key, cutoverId, stepId } = Input.parse(input);
  return pressOnce(ctx, 'make-plan', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    if (step.place.human)
      throw await refusedError(tx, rows, step, {
        code: 'state_forbids',
        reason: 'A person decides this step; it has no plan.',
      });
    if (!step.gate.open)
      throw await refusedError(tx, rows, step, {
        code: step.gate.code,
        reason: step.gate.reason ?? 'Its gate is closed.',
      });
    if (step.live) throw await refusedError(tx, rows, step, { code: 'step_running', reason: 'It is under way.' });
    // Not counted as operating: a plan changes nothing, so whoever asked for one may still sign.
    const attempt = await addAttempt(tx, rows.cutover, { verb: 'plan', place: step.place, requestedBy: null });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'make-plan',
      summary: `Asked for a new plan of ${titleOf(step.place)}`,
      what: { stepId, attemptId: attempt.id },
    });
    return { attemptId: attempt.id };
  });
}
