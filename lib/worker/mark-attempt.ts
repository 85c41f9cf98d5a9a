import { sql } from 'drizzle-orm';
import { updateHeldAttempt } from '@/db/queries/attempt/update-held-attempt';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { inTx } from '@/db/tx';
import { deriveSteps, stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { whileAway } from './while-away';
import type { WorkerEnv } from './worker-env';

/** Tells pages that the attempt runs, until when at the latest, and on which green attempts it stands. */
export async function markRunning(
  worker: WorkerEnv,
  rows: CutoverRows,
  step: DerivedStep,
  attempt: AttemptRow,
  withinMs: number,
): Promise<void> {
  const steps = deriveSteps(rows);
  const basis = Object.fromEntries(
    step.place.needs.flatMap((id) => {
      const by = stepOf(steps, id)?.greenBy;
      return by ? [[id, by]] : [];
    }),
  );
  await whileAway(() =>
    inTx(worker.db, async (tx) => {
      await insertEvent(tx, attempt.cutoverId, 'attempt', attempt.stepId, {
        attemptId: attempt.id,
        verb: attempt.verb,
        state: 'running',
      });
      await updateHeldAttempt(tx, attempt.id, attempt.epoch, {
        basis,
        deadlineAt: sql`clock_timestamp() + make_interval(secs => ${withinMs / 1000}::float8)`,
      });
    }),
  );
}

/** From here on the world is only read. */
export async function markChecking(worker: WorkerEnv, attempt: AttemptRow): Promise<void> {
  await inTx(worker.db, async (tx) => {
    await insertEvent(tx, attempt.cutoverId, 'attempt', attempt.stepId, {
      attemptId: attempt.id,
      verb: attempt.verb,
      state: 'checking',
    });
    await updateHeldAttempt(tx, attempt.id, attempt.epoch, { state: 'checking' }, ['running']);
  });
}
