import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertSignOff } from '@/db/queries/approval/insert-sign-off';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { requireRole, type VerbContext } from './context';
import { planReadySteps } from './plan-ready-steps';
import { loadCutover } from './load-cutover';
import { auditKey, findStep, openLocked, pressOnce } from './press';
import { refusedError } from './refuse';
import { titleOf } from './walk-runbook';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  stepId: z.string(),
  decision: z.enum(['signed', 'rejected']),
  /** The fingerprint that was seen. */
  fingerprint: z.string(),
  reason: z.string().optional(),
});

/** A reviewer's decision on what was seen. @throws CutoverError own_work | gate_closed | sign_off_stale | reason_missing */
export async function signOff({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ signOffId: string }> {
  const role = requireRole(ctx, ['reviewer'], 'sign off');
  const { key, cutoverId, stepId, decision, fingerprint, reason } = Input.parse(input);
  return pressOnce(ctx, 'sign-off', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    if (step.place.human !== 'sign-off' || !step.fingerprint)
      throw await refusedError(tx, rows, step, { code: 'state_forbids', reason: 'It is not a sign-off.' });
    refuseOwnWork(
      rows.attempts.filter(({ requestedBy }) => requestedBy === ctx.actor.id).map((attempt) => attempt.stepId),
      ctx.actor.name,
    );
    if (decision === 'rejected' && !reason?.trim()) {
      throw new CutoverError({
        code: 'reason_missing',
        message: 'A rejection needs a reason.',
        advice: 'Write what must change before you would sign.',
      });
    }
    if (!step.gate.open)
      throw await refusedError(tx, rows, step, {
        code: step.gate.code,
        reason: step.gate.reason ?? 'Its gate is closed.',
      });
    if (step.fingerprint.digest !== fingerprint) {
      throw new CutoverError({
        code: 'sign_off_stale',
        message: 'What you looked at has changed since.',
        advice: 'Look at the parts that changed, then decide again; nothing was recorded.',
        facts: { seen: fingerprint, now: step.fingerprint.digest },
      });
    }
    const signOffId = randomUUID();
    await insertSignOff(tx, {
      id: signOffId,
      cutoverId,
      stepId,
      decision,
      reason: reason?.trim() || null,
      fingerprint,
      parts: step.fingerprint.parts,
      by: ctx.actor.id,
    });
    await insertEvent(tx, cutoverId, 'sign_off', stepId, { decision });
    await planReadySteps(tx, await loadCutover(tx, cutoverId));
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: decision === 'signed' ? 'sign-off' : 'reject',
      summary: `${decision === 'signed' ? 'Signed' : 'Rejected'}: ${titleOf(step.place)}`,
      what: { stepId, decision, reason: reason ?? null, fingerprint, parts: step.fingerprint.parts },
    });
    return { signOffId };
  });
}

function refuseOwnWork(stepIds: string[], name: string): void {
  if (stepIds.length === 0) return;
  throw new CutoverError({
    code: 'own_work',
    message: `${name} ran ${[...new Set(stepIds)].join(', ')} of this cutover and so cannot sign it.`,
    advice: 'Ask another reviewer, who ran no step of it.',
  });
}
