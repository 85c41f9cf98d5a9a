import { z } from 'zod';
import { cancelAttemptRow } from '@/db/queries/attempt/cancel-attempt';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { continuePress } from './continue-press';
import { auditKey, openLocked, pressOnce } from './press';
import { titleInRunbook } from './walk-runbook';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string(), attemptId: z.string() });

/** A waiting attempt ends at once; a running one is told to stop, and killed 5 s later. @throws CutoverError state_forbids when it had ended */
export async function cancelAttempt({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ state: string }> {
  const role = requireRole(ctx, 'cancel');
  const { key, cutoverId, attemptId } = Input.parse(input);
  return pressOnce(ctx, 'cancel-attempt', key, async (tx) => {
    const { rows } = await openLocked(tx, cutoverId);
    const state = await cancelAttemptRow(tx, cutoverId, attemptId);
    const attempt = rows.attempts.find(({ id }) => id === attemptId);
    if (!state || !attempt) {
      throw new CutoverError({
        code: 'state_forbids',
        message: `Attempt ${attemptId} is ${attempt?.state ?? 'unknown'}; there is nothing to cancel.`,
        advice: 'Look at the step: it has ended, or is being cancelled already.',
      });
    }
    await insertEvent(tx, cutoverId, 'attempt', attempt.stepId, { attemptId, verb: attempt.verb, state });
    // Nobody will record an attempt that never started, so what follows it is decided here.
    if (state === 'cancelled') await continuePress(tx, { ...attempt, state });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'cancel-attempt',
      summary: `Cancelled: ${titleInRunbook(rows.runbook, attempt.stepId)}, attempt ${attempt.no}`,
      what: { attemptId, stepId: attempt.stepId, verb: attempt.verb },
    });
    return { state };
  });
}
