import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertSignOff } from '@/db/queries/approval/insert-sign-off';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { listWords } from '@/lib/shared/words';
import type { VerbContext } from './context';
import { planReadySteps } from './plan-ready-steps';
import type { DerivedStep } from './derive-steps';
import { loadCutover } from './load-cutover';
import { auditKey, findStep, openLocked, pressOnce } from './press';
import { refusedError } from './refuse';
import type { CutoverRows } from './rows';
import { type RoleStand, refuseRole, termsOf } from './sign-off-roles';
import { titleOf } from './walk-runbook';
import { requirePerson, requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  stepId: z.string(),
  decision: z.enum(['signed', 'rejected']),
  /** The fingerprint that was seen. */
  fingerprint: z.string(),
  reason: z.string().optional(),
  /** Of a step with roles: the one that is decided for. */
  role: z.string().optional(),
  approvalReference: z.string().trim().max(200).optional(),
});

/** A reviewer's decision on what was seen, where the step has roles for one of them.
 *  @throws CutoverError own_work | gate_closed | sign_off_stale | reason_missing | reference_missing | one_role_each | sign_role_missing */
export async function signOff({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ signOffId: string }> {
  const role = requireRole(ctx, 'sign-off');
  const { key, cutoverId, stepId, decision, fingerprint, reason, ...terms } = Input.parse(input);
  return pressOnce(ctx, 'sign-off', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    if (step.place.human !== 'sign-off' || !step.fingerprint)
      throw await refusedError(tx, rows, step, { code: 'state_forbids', reason: 'It is not a sign-off.' });
    requirePerson(rows, 'sign-off', ctx);
    if (decision === 'rejected' && !reason?.trim()) {
      throw new CutoverError({
        code: 'reason_missing',
        message: 'A rejection needs a reason.',
        advice: 'Write what must change before you would sign.',
      });
    }
    const asked = askedTerms(rows, step, ctx.actor.id, terms);
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
      role: asked.role?.id ?? null,
      severalRoles: asked.severalRoles,
      approvalReference: asked.approvalReference,
      fingerprint,
      parts: step.fingerprint.parts,
      by: ctx.actor.id,
    });
    await insertEvent(tx, cutoverId, 'sign_off', stepId, { decision, role: asked.role?.id ?? null });
    await planReadySteps(tx, await loadCutover(tx, cutoverId));
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: decision === 'signed' ? 'sign-off' : 'reject',
      summary: `${decision === 'signed' ? 'Signed' : 'Rejected'}${asked.role ? ` as ${asked.role.title}` : ''}: ${titleOf(step.place)}`,
      what: {
        stepId,
        decision,
        reason: reason ?? null,
        role: asked.role?.id ?? null,
        approvalReference: asked.approvalReference,
        fingerprint,
        parts: step.fingerprint.parts,
      },
    });
    return { signOffId };
  });
}

type Asked = { role: RoleStand | null; severalRoles: boolean; approvalReference: string | null };

/** The role and reference that the runbook asks for. @throws CutoverError input_invalid | one_role_each | sign_role_missing | reference_missing */
function askedTerms(
  rows: CutoverRows,
  { place, signRoles, fingerprint }: DerivedStep,
  personId: string,
  given: { role?: string | undefined; approvalReference?: string | undefined },
): Asked {
  const { several_roles: severalRoles, approval_reference: wanted } = termsOf(place);
  const role = signRoles.find(({ id }) => id === given.role) ?? null;
  if (signRoles.length ? !role : given.role) {
    throw new CutoverError({
      code: 'input_invalid',
      message: signRoles.length
        ? `${titleOf(place)} is decided by role; ${given.role ? `${given.role} is none of them` : 'none was chosen'}.`
        : `${titleOf(place)} has no roles.`,
      advice: signRoles.length
        ? `Choose one: ${listWords(signRoles.map(({ title }) => title))}.`
        : 'Decide without one.',
    });
  }
  const refused = role && fingerprint && refuseRole(rows, place, role, { personId, fingerprint });
  if (refused) {
    throw new CutoverError({
      code: refused.code,
      message: refused.reason,
      advice:
        refused.code === 'sign_role_missing'
          ? 'Let one who does decide, or ask an admin to give you the role; nothing was recorded.'
          : 'Let another reviewer decide for it; nothing was recorded.',
    });
  }
  const approvalReference = (wanted !== 'none' && given.approvalReference) || null;
  if (wanted === 'required' && !approvalReference) {
    throw new CutoverError({
      code: 'reference_missing',
      message: 'A decision here needs the reference of the approval.',
      advice: 'Write the number or name under which the approval is on record.',
    });
  }
  return { role, severalRoles, approvalReference };
}
