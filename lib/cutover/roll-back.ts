import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { isLive } from '@/lib/shared/statuses';
import type { VerbContext } from './context';
import { deriveExits } from './derive-acts';
import { endAttempts } from './end-attempts';
import { lossCount, lossSeen, needsSecondPerson, secondPersonFor } from './loss';
import { addAttempt } from './new-attempt';
import { auditKey, findStep, openLocked, pressOnce, requireTypedId, type Opened } from './press';
import { refuseOldLoss, secondPersonMissing } from './refuse-loss';
import { requireGroupPlan, requirePlan } from './run-step';
import { membersGoingBack } from './switch-group';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  kind: z.enum(['runtime', 'data']),
  planDigest: z.string().optional(),
  reason: z.string().optional(),
  typedId: z.string().optional(),
});

/** Starts a rollback; whatever else runs on this cutover ends at once. A loss, or an unknown one, takes a second person.
 *  @throws CutoverError state_forbids | plan_missing | plan_changed | typed_id_differs | second_person_needed */
export async function rollBack({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ attemptId: string }> {
  const role = requireRole(ctx, 'rollback');
  const { key, cutoverId, kind, planDigest, reason, typedId } = Input.parse(input);
  return pressOnce(ctx, 'roll-back', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const act = kind === 'runtime' ? 'rollback' : 'data-rollback';
    // Profiles that one press switched go back with one press: the process is theirs together.
    const members = kind === 'runtime' ? await membersGoingBack(tx, opened) : [opened];
    const turns = members.map((member) => ({ member, step: firstStep(member, kind) }));
    const own = findStep(opened, turns[0]?.step.id ?? '');
    const plans = turns.map(({ member, step }) => ({ member, plan: step.plan?.digest ?? null }));
    if (members.length === 1) requirePlan(own, planDigest);
    else requireGroupPlan(own, plans, planDigest);
    const digest = planDigest ?? '';
    requireTypedId(rows, typedId);
    if (kind === 'runtime') for (const { member, step } of turns) refuseOldLoss(member.rows, step.plan?.madeAt);
    const loss = lossSeen(turns.map(({ step }) => step.plan));
    const wanted = { act, planDigest: digest, presser: ctx.actor.id, loss };
    const second = secondPersonFor(rows, wanted);
    if (turns.some(({ member, step }) => needsSecondPerson(member.rows, act, step.plan?.loss)) && !second)
      throw secondPersonMissing(rows, wanted);
    // A rollback never waits behind a step of its own cutover: what still runs loses its epoch and is ended.
    for (const { rows: each } of members)
      await endAttempts(
        tx,
        each.attempts.filter(({ state }) => isLive(state)),
      );
    const pressId = `${kind === 'runtime' ? 'rollback' : 'data-rollback'}:${randomUUID()}`;
    const attempts = [];
    for (const { member, step } of turns) {
      const wanted = {
        verb: 'run',
        place: step.place,
        requestedBy: ctx.actor.id,
        planDigest: step.plan?.digest ?? null,
        pressId,
      } as const;
      attempts.push(await addAttempt(tx, member.rows.cutover, wanted, { first: true }));
      const others = members.filter((other) => other !== member).map((other) => other.rows.cutover.sourceId);
      const together = others.length ? `, together with ${others.join(', ')}` : '';
      await appendAudit(tx, {
        ...auditKey(member.rows),
        actor: ctx.actor.id,
        role,
        act: kind === 'runtime' ? 'roll-back' : 'roll-back-data',
        summary:
          kind === 'runtime'
            ? `Started the rollback to ${member.rows.runbook.from}${together}`
            : 'Started the data rollback',
        what: {
          pressId,
          planDigest: step.plan?.digest ?? null,
          reason: reason ?? null,
          secondPerson: second?.by ?? null,
          // Of all profiles of the press, as this person read it.
          ...(second?.lossReadAt
            ? { confirmedLoss: second.loss ?? 'unknown', confirmedLossReadAt: second.lossReadAt.toISOString() }
            : {}),
          loss: lossCount(step.plan?.loss)?.toString() ?? 'unknown',
        },
      });
    }
    const attempt = attempts[members.indexOf(opened)] ?? attempts[0];
    if (!attempt) throw new TypeError('a rollback covers one cutover at least');
    return { attemptId: attempt.id };
  });
}

function firstStep(opened: Opened, kind: 'runtime' | 'data') {
  const { rows, steps } = opened;
  const wanted = kind === 'runtime' ? 'rollback' : 'data-rollback';
  const running = rows.attempts.find(({ state, pressId }) => isLive(state) && pressId?.startsWith(`${wanted}:`));
  const exit = deriveExits(rows, steps).find(({ act }) => act === wanted);
  const first = (kind === 'runtime' ? rows.runbook.rollbacks.runtime : rows.runbook.rollbacks.data)?.steps[0];
  if (running || !exit || !first || rows.cutover.outsideActAt) {
    throw new CutoverError({
      code: running ? 'step_running' : rows.cutover.outsideActAt ? 'outside_act_unconfirmed' : 'state_forbids',
      message: running
        ? 'This rollback is already running.'
        : `A ${kind} rollback is not possible while the cutover is ${rows.cutover.state.replace('_', ' ')}.`,
      advice: running ? 'Watch it on the page.' : 'Open the cutover to see what may be done now.',
    });
  }
  return findStep(opened, first.id);
}
