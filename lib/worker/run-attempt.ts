import { rmSync } from 'node:fs';
import { claimAttempt } from '@/db/queries/attempt/claim-attempt';
import { enqueueAttempt } from '@/db/queries/attempt/enqueue-attempt';
import { inTx } from '@/db/tx';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { toFacts } from '@/lib/errors';
import { failpoint } from './failpoint';
import { openLogWriter } from './log-writer';
import { performAttempt } from './perform-attempt';
import { recordAttempt } from './record-attempt';
import { startStepProcess, type StepProcess } from './step-process';
import { workDirOf } from './task-for';
import { whileAway } from './while-away';
import type { Held, WorkerEnv } from './worker-env';

const waitForServiceMs = 500;

/** One job of the queue: the attempt, and all that follow it in its press, in one child process. */
export async function runAttempts(worker: WorkerEnv, id: string, epoch: number): Promise<void> {
  let child: StepProcess | null = null;
  try {
    for (let next: { id: string; epoch: number } | null = { id, epoch }; next; ) {
      const claim = await whileAway(() => claimAttempt(worker.db, next?.id ?? id, next?.epoch ?? epoch, worker.id));
      if (!claim.taken) {
        const again = { ...next, serviceKey: claim.wait?.serviceKey ?? null };
        if (claim.wait)
          await whileAway(() =>
            inTx(worker.db, (tx) => enqueueAttempt(tx, again, { first: true, inMs: waitForServiceMs })),
          );
        return;
      }
      const { taken } = claim;
      if (taken.verb === 'plan') {
        next = await worker.planChildren.use(taken.cutoverId, (warm) => runClaimed(worker, taken, warm));
        continue;
      }
      if (!child?.alive()) child = startStepProcess(worker.childPath);
      next = await runClaimed(worker, taken, child);
    }
  } finally {
    child?.kill();
  }
}

async function runClaimed(worker: WorkerEnv, attempt: AttemptRow, child: StepProcess): Promise<AttemptRow | null> {
  const { db, held } = worker;
  const mine: Held = { epoch: attempt.epoch, child, cancelled: false, lost: false };
  held.set(attempt.id, mine);
  const log = openLogWriter(db, worker.home, attempt);
  let rows: CutoverRows | null = null;
  try {
    rows = await whileAway(() => loadCutover(db, attempt.cutoverId));
    const outcome = await performAttempt(worker, rows, attempt, mine, log);
    await failpoint('attempt:before-record');
    await log.close();
    if (mine.lost) return null;
    return await recordAttempt(db, rows, attempt, outcome);
  } catch (thrown) {
    await log.close();
    if (rows && !mine.lost) return await recordAttempt(db, rows, attempt, { state: 'failed', error: toFacts(thrown) });
    throw thrown;
  } finally {
    held.delete(attempt.id);
    rmSync(workDirOf(worker, attempt.id), { recursive: true, force: true });
  }
}
