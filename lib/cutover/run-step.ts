import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { requireRole, type VerbContext } from './context';
import { refuseRun } from './derive-acts';
import type { DerivedStep } from './derive-steps';
import { lossCount } from './loss';
import { addAttempt } from './new-attempt';
import { refuseUnreadyNeighbours } from './neighbours';
import { auditKey, findStep, openLocked, pressOnce, requireTypedId } from './press';
import { refuseOwnSignature, refusedError } from './refuse';
import type { CutoverRows } from './rows';
import { needsTypedId, titleOf } from './walk-runbook';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  stepId: z.string(),
  /** The plan that was seen. */
  planDigest: z.string().optional(),
  typedId: z.string().optional(),
});

/** Starts a step, or the sequence it begins. The worker asks the gate and the plan again when it starts.
 *  @throws CutoverError gate_closed | state_forbids | step_running | plan_missing | plan_changed | typed_id_differs | own_work */
export async function runStep({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ attemptId: string }> {
  const role = requireRole(ctx, ['operator'], 'run a step');
  const { key, cutoverId, stepId, planDigest, typedId } = Input.parse(input);
  return pressOnce(ctx, 'run-step', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    const refused = refuseRun(rows, step);
    if (refused) throw await refusedError(tx, rows, step, refused);
    refuseOwnSignature(rows, ctx.actor);
    const digest = requirePlan(step, planDigest);
    const { place } = step;
    if (needsTypedId(place)) requireTypedId(rows, typedId);
    const starts = place.group === 'main' && place.sequence && place.index === 0;
    if (starts) await refuseUnreadyNeighbours(tx, rows);
    await openCutover(tx, rows);
    const pressId = starts ? `switch:${randomUUID()}` : place.repairs ? `repair:${randomUUID()}` : null;
    const attempt = await addAttempt(tx, rows.cutover, {
      verb: 'run',
      place,
      requestedBy: ctx.actor.id,
      planDigest: digest,
      pressId,
    });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: starts ? 'start-switch' : place.repairs ? 'repair' : 'run-step',
      summary: starts
        ? `Started the switch to ${rows.runbook.to}`
        : place.repairs
          ? `Started the repair of ${lossCount(step.plan?.loss) ?? 'the'} rows that ${place.repairs} found, attempt ${attempt.no}`
          : `Started ${titleOf(place)}, attempt ${attempt.no}`,
      what: { stepId, attemptId: attempt.id, planDigest: digest, pressId },
    });
    return { attemptId: attempt.id };
  });
}

/** The digest that was seen must be of the newest plan. */
export function requirePlan(step: DerivedStep, seen: string | undefined): string {
  if (!step.plan) {
    throw new CutoverError({
      code: 'plan_missing',
      message: `${titleOf(step.place)} has no plan yet.`,
      advice: 'Wait until its plan is made, or make it now.',
      retry: 'later',
    });
  }
  if (step.plan.digest === seen) return seen;
  throw new CutoverError({
    code: 'plan_changed',
    message: `The plan of ${titleOf(step.place)} is not the one you saw.`,
    advice: 'Read the new plan, then press again; nothing was started.',
    facts: { seen: seen ?? null, now: step.plan.digest },
  });
}

async function openCutover(tx: Tx, rows: CutoverRows): Promise<void> {
  if (rows.cutover.state !== 'planned') return;
  await updateCutover(tx, rows.cutover.id, ['planned'], { state: 'open', openedAt: rows.now });
  await insertEvent(tx, rows.cutover.id, 'state', null, { state: 'open' });
}
