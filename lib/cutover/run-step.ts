import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { lockSharing } from '@/db/queries/cutover/lock-cutover';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { capital } from '@/lib/shared/words';
import type { VerbContext } from './context';
import { refuseRun } from './derive-acts';
import type { DerivedStep } from './derive-steps';
import { lossCount } from './loss';
import { addAttempt } from './new-attempt';
import { auditKey, findStep, openLocked, pressOnce, requireTypedId, type Opened } from './press';
import { refusedError, refuseUnseen } from './refuse';
import type { CutoverRows } from './rows';
import { groupDigest, membersOfPress, refuseUnready } from './switch-group';
import { needsTypedId, titleOf } from './walk-runbook';
import { requirePerson, requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  stepId: z.string(),
  /** The plan that was seen. */
  planDigest: z.string().optional(),
  typedId: z.string().optional(),
  /** The step's newest attempt that was seen, null: none. Left out by callers that look by themselves. */
  seenAttempt: z.string().nullish(),
});

/** Starts a step, or the sequence it begins. The worker asks the gate and the plan again when it starts.
 *  @throws CutoverError gate_closed | state_forbids | step_running | plan_missing | plan_changed | ran_since | typed_id_differs | own_work */
export async function runStep({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ attemptId: string }> {
  const role = requireRole(ctx, 'run');
  const { key, cutoverId, stepId, planDigest, typedId, seenAttempt } = Input.parse(input);
  return pressOnce(ctx, 'run-step', key, async (tx) => {
    // The process may serve others as well: their cutovers are held before this one is looked at.
    await lockSharing(tx, cutoverId);
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = findStep(opened, stepId);
    const refused = refuseRun(rows, step);
    if (refused) throw await refusedError(tx, rows, step, refused);
    await refuseUnseen(tx, rows, step, seenAttempt);
    requirePerson(rows, 'run', ctx);
    const { place } = step;
    const starts = startsSwitch(step);
    const group = await membersOfPress(tx, opened, step);
    refuseUnready(group, rows);
    const { members } = group;
    const plans = members.map((member) => ({ member, plan: findStep(member, stepId).plan?.digest ?? null }));
    if (members.length === 1) requirePlan(step, planDigest);
    else requireGroupPlan(step, plans, planDigest);
    if (needsTypedId(place)) requireTypedId(rows, typedId);
    const pressId = pressOf(step, members.length);
    for (const member of members) requirePerson(member.rows, 'run', ctx);
    const attempts = [];
    for (const { member, plan } of plans) {
      await openCutover(tx, member.rows);
      if (starts && members.length > 1)
        await updateCutover(tx, member.rows.cutover.id, ['planned', 'open'], { switchGroup: pressId });
      const own = { verb: 'run', place, requestedBy: ctx.actor.id, planDigest: plan, pressId } as const;
      const attempt = await addAttempt(tx, member.rows.cutover, own);
      attempts.push(attempt);
      await appendAudit(tx, {
        ...auditKey(member.rows),
        actor: ctx.actor.id,
        role,
        act: starts ? 'start-switch' : place.repairs ? 'repair' : 'run-step',
        summary: startedWords(member, step, attempt.no, members),
        what: { stepId, attemptId: attempt.id, planDigest: plan, pressId },
      });
    }
    const attempt = attempts[members.indexOf(opened)] ?? attempts[0];
    if (!attempt) throw new TypeError('a press covers one cutover at least');
    return { attemptId: attempt.id };
  });
}

const startsSwitch = ({ place }: DerivedStep): boolean => place.group === 'main' && place.sequence && place.index === 0;

function pressOf(step: DerivedStep, members: number): string | null {
  const { place, attempt } = step;
  if (startsSwitch(step) || members > 1) return `switch:${randomUUID()}`;
  if (place.repairs) return `repair:${randomUUID()}`;
  // A member of a sequence that stopped is pressed again in its own press, so that what follows it follows by itself.
  return place.sequence ? (attempt?.pressId ?? null) : null;
}

function startedWords({ rows }: Opened, step: DerivedStep, no: number, members: Opened[]): string {
  const others = members.filter((member) => member.rows !== rows).map((member) => member.rows.cutover.sourceId);
  const together = others.length ? `, together with ${others.join(', ')}` : '';
  const { from, to, phases } = rows.runbook;
  if (startsSwitch(step) && from === to)
    return `Started: ${phases.find(({ id }) => id === step.place.phaseId)?.title ?? 'the sequence'}${together}`;
  if (startsSwitch(step)) return `Started the switch to ${to}${together}`;
  if (step.place.repairs)
    return `Started the repair of ${lossCount(step.plan?.loss) ?? 'the'} rows that ${step.place.repairs} found, attempt ${no}`;
  return `Started: ${capital(titleOf(step.place))}, attempt ${no}${together}`;
}

/** One digest for the plans of all members, as the decision card showed it. */
export function requireGroupPlan(
  step: DerivedStep,
  plans: { member: Opened; plan: string | null }[],
  seen: string | undefined,
): void {
  const missing = plans.find(({ plan }) => plan === null);
  const now = groupDigest(plans.map(({ member, plan }) => ({ sourceId: member.rows.cutover.sourceId, digest: plan })));
  if (now !== null && now === seen) return;
  throw new CutoverError({
    code: missing ? 'plan_missing' : 'plan_changed',
    message: missing
      ? `${titleOf(step.place)} of ${missing.member.rows.cutover.sourceId} has no plan yet.`
      : `The plans of ${plans.map(({ member }) => member.rows.cutover.sourceId).join(' and ')} are not those you saw.`,
    advice: 'Read the new plans, then press again; nothing was started.',
    facts: { seen: seen ?? null, now },
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
