import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { supersedeAttempts } from '@/db/queries/attempt/supersede-attempts';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { isLive } from '@/lib/shared/statuses';
import { requireRole, type VerbContext } from './context';
import { deriveExits } from './derive-acts';
import { lossCount, lossIsOld, needsSecondPerson, secondPersonFor } from './loss';
import { addAttempt } from './new-attempt';
import { auditKey, findStep, openLocked, pressOnce, requireTypedId, type Opened } from './press';
import { requirePlan } from './run-step';

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
  const role = requireRole(ctx, ['operator', 'admin'], 'roll back');
  const { key, cutoverId, kind, planDigest, reason, typedId } = Input.parse(input);
  return pressOnce(ctx, 'roll-back', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const step = firstStep(opened, kind);
    const digest = requirePlan(step, planDigest);
    requireTypedId(rows, typedId);
    const act = kind === 'runtime' ? 'rollback' : 'data-rollback';
    if (kind === 'runtime') refuseOldLoss(rows, step.plan?.madeAt);
    const second = secondPersonFor(rows, act, digest, ctx.actor.id);
    if (needsSecondPerson(rows, act, step.plan?.loss) && !second) {
      const lost = lossCount(step.plan?.loss);
      throw new CutoverError({
        code: 'second_person_needed',
        message:
          lost === null
            ? 'Nobody can count the rows that this rollback drops, so a second person must stand behind it.'
            : `This rollback drops what was written since the switch (${lost} rows found), so a second person must stand behind it.`,
        advice: 'Ask another person to confirm this plan on the cutover page, then press again.',
      });
    }
    await clearTheWay(tx, opened);
    const pressId = `${kind === 'runtime' ? 'rollback' : 'data-rollback'}:${randomUUID()}`;
    const attempt = await addAttempt(
      tx,
      rows.cutover,
      { verb: 'run', place: step.place, requestedBy: ctx.actor.id, planDigest: digest, pressId },
      { first: true },
    );
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: kind === 'runtime' ? 'roll-back' : 'roll-back-data',
      summary: kind === 'runtime' ? `Started the rollback to ${rows.runbook.from}` : 'Started the data rollback',
      what: {
        pressId,
        planDigest: digest,
        reason: reason ?? null,
        secondPerson: second?.by ?? null,
        loss: lossCount(step.plan?.loss)?.toString() ?? 'unknown',
      },
    });
    return { attemptId: attempt.id };
  });
}

function refuseOldLoss(rows: Opened['rows'], madeAt: Date | undefined): void {
  if (!madeAt || !lossIsOld(rows, madeAt)) return;
  throw new CutoverError({
    code: 'plan_changed',
    message: `The rows that would be lost were last read at ${madeAt.toISOString()}; users have been writing since.`,
    advice: 'Read them again on the card, then press; nothing was started.',
    retry: 'later',
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

/** A rollback never waits behind a step of its own cutover: what still runs loses its epoch and is ended. */
async function clearTheWay(tx: Tx, { rows }: Opened): Promise<void> {
  const live = rows.attempts.filter(({ state }) => isLive(state));
  for (const id of await supersedeAttempts(
    tx,
    live.map(({ id }) => id),
    'cancelled',
  )) {
    const attempt = live.find((candidate) => candidate.id === id);
    if (attempt)
      await insertEvent(tx, rows.cutover.id, 'attempt', attempt.stepId, {
        attemptId: id,
        verb: attempt.verb,
        state: 'cancelled',
      });
  }
}
