import { sql } from 'drizzle-orm';
import { enqueueAttempt } from '@/db/queries/attempt/enqueue-attempt';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { lockCutover } from '@/db/queries/cutover/lock-cutover';
import { findLostAttempts } from '@/db/queries/worker/find-lost-attempts';
import { removeDeadWorkers } from '@/db/queries/worker/remove-dead-workers';
import { takeOverAttempt } from '@/db/queries/worker/take-over-attempt';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { continuePress } from '@/lib/cutover/continue-press';
import { loadCutover } from '@/lib/cutover/load-cutover';
import { auditKey } from '@/lib/cutover/press';
import { titleInRunbook } from '@/lib/cutover/walk-runbook';

/** Takes over what dead workers held. A cutover at a time: epoch, job and audit entry in one transaction. */
export async function sweep(db: Db, deadMs: number): Promise<number> {
  await inTx(db, (tx) => removeDeadWorkers(tx, deadMs));
  let taken = 0;
  for (const lost of await findLostAttempts(db)) {
    taken += await inTx(db, async (tx) => {
      await lockCutover(tx, lost.cutoverId);
      const over = await takeOverAttempt(tx, lost.id, lost.epoch);
      if (!over) return 0;
      const rows = await loadCutover(tx, lost.cutoverId);
      const attempt = rows.attempts.find(({ id }) => id === lost.id);
      if (over.state === 'queued') await enqueueAttempt(tx, over, { first: true });
      else if (attempt) await continuePress(tx, attempt);
      await insertEvent(tx, lost.cutoverId, 'attempt', over.stepId, {
        attemptId: over.id,
        state: over.state,
        takenOverFrom: over.worker,
      });
      await appendAudit(tx, {
        ...auditKey(rows),
        actor: 'system',
        role: 'worker',
        act: 'take-over',
        summary: `${titleInRunbook(rows.runbook, over.stepId)} was interrupted; its worker is gone`,
        what: {
          attemptId: over.id,
          worker: over.worker,
          epochBefore: lost.epoch,
          epoch: over.epoch,
          state: over.state,
        },
      });
      await tx.execute(sql`notify attempt_wake`);
      return 1;
    });
  }
  return taken;
}
