import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { isLive } from '@/lib/shared/statuses';
import type { VerbContext } from './context';
import { deriveExits } from './derive-acts';
import { endAttempts } from './end-attempts';
import { addAttempt } from './new-attempt';
import { auditKey, openLocked, pressOnce, requireTypedId } from './press';
import { placesToTakeBack, targetHoldsWrites } from './take-back';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  reason: z.string().optional(),
  typedId: z.string().optional(),
});

/** Before T-0 or after a rollback: removes what was put in place, keeps the evidence and frees the profile.
 *  What users wrote to the target is never dropped: it is set aside by the data rollback first, or stays where the runbook has none.
 *  @throws CutoverError state_forbids | data_not_set_aside | step_running | typed_id_differs */
export async function abandonCutover({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ attemptId: string | null }> {
  const role = requireRole(ctx, 'abandon');
  const { key, cutoverId, reason, typedId } = Input.parse(input);
  return pressOnce(ctx, 'abandon-cutover', key, async (tx) => {
    const { rows, steps } = await openLocked(tx, cutoverId);
    const { cutover } = rows;
    const exit = deriveExits(rows, steps).find(({ act }) => act === 'abandon');
    if (exit?.refused?.code === 'data_not_set_aside') {
      throw new CutoverError({
        code: 'data_not_set_aside',
        message: exit.refused.reason,
        advice: 'Press Roll back the data, then abandon. Nothing was changed.',
      });
    }
    if (!exit) {
      throw new CutoverError({
        code: 'state_forbids',
        message: `A cutover that is ${cutover.state.replace('_', ' ')} cannot be abandoned now.`,
        advice: 'After T-0 roll back first; a closed one stays as it is.',
      });
    }
    requireTypedId(rows, typedId);
    const busy = rows.attempts.find(({ state, verb }) => isLive(state) && verb !== 'plan');
    if (busy) {
      throw new CutoverError({
        code: 'step_running',
        message: `${busy.stepId} is still ${busy.state}.`,
        advice: 'Cancel it or wait for it, then abandon.',
        retry: 'later',
      });
    }
    await endAttempts(
      tx,
      rows.attempts.filter(({ state }) => isLive(state)),
    );
    const places = placesToTakeBack(rows);
    const keeps = targetHoldsWrites(rows, steps);
    const first = places[0];
    const attempt = first
      ? await addAttempt(tx, cutover, {
          verb: 'undo',
          place: first,
          requestedBy: ctx.actor.id,
          pressId: `abandon:${randomUUID()}`,
        })
      : null;
    if (!attempt) {
      await updateCutover(tx, cutoverId, ['planned', 'open', 'rolled_back'], { state: 'abandoned', endedAt: rows.now });
      await insertEvent(tx, cutoverId, 'state', null, { state: 'abandoned' });
    }
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'abandon',
      summary: `Abandoned; ${attempt ? 'taking back what was put in place' : keeps ? 'the target keeps what users wrote to it' : 'nothing had been put in place'}`,
      what: { reason: reason ?? null, takesBack: places.map(({ step }) => step.id) },
    });
    return { attemptId: attempt?.id ?? null };
  });
}
