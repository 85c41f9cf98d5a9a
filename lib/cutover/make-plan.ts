import { z } from 'zod';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import type { VerbContext } from './context';
import { addAttempt } from './new-attempt';
import { auditKey, findStep, openLocked, pressOnce, type Opened } from './press';
import { refusedError } from './refuse';
import { membersGoingBack } from './switch-group';
import { titleOf } from './walk-runbook';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string(), stepId: z.string() });

/** Asks the worker for a new plan; it writes nothing outside. @throws CutoverError gate_closed | step_running */
export async function makePlan({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ attemptId: string }> {
  const role = requireRole(ctx, 'plan');
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
    await planOthers(tx, opened, stepId);
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

/** Profiles that go back together are pressed on one reading of what all of them would lose. */
async function planOthers(tx: Tx, opened: Opened, stepId: string): Promise<void> {
  if (findStep(opened, stepId).place.group !== 'runtime-rollback') return;
  for (const member of await membersGoingBack(tx, opened)) {
    const step = member === opened ? null : findStep(member, stepId);
    if (step && !step.live && step.gate.open)
      await addAttempt(tx, member.rows.cutover, { verb: 'plan', place: step.place, requestedBy: null });
  }
}
