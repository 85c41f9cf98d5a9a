import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { claimAttempt } from '@/db/queries/attempt/claim-attempt';
import { enqueueAttempt } from '@/db/queries/attempt/enqueue-attempt';
import { saveProgress } from '@/db/queries/attempt/save-progress';
import { updateHeldAttempt } from '@/db/queries/attempt/update-held-attempt';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { inTx } from '@/db/tx';
import { deriveSteps, stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { walkRunbook } from '@/lib/cutover/walk-runbook';
import { CutoverError, toFacts } from '@/lib/errors';
import { answerStep } from './answer-step';
import { Deadline, limitMs, placesToPlan } from './attempt-limit';
import { failpoint } from './failpoint';
import { heldTooLong, holdLeftMs } from './hold-left';
import { keepProgress } from './keep-progress';
import { openLogWriter, type LogWriter } from './log-writer';
import type { Task } from './messages';
import { recordAttempt, type Outcome } from './record-attempt';
import { startStepProcess, type StepProcess } from './step-process';
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
    const outcome = await perform(worker, rows, attempt, mine, log);
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
    rmSync(workDir(worker, attempt.id), { recursive: true, force: true });
  }
}

async function perform(
  worker: WorkerEnv,
  rows: CutoverRows,
  attempt: AttemptRow,
  mine: Held,
  log: LogWriter,
): Promise<Outcome> {
  const { db } = worker;
  const deadline = new Deadline();
  let late: CutoverError | null = null;
  const progress = keepProgress((reading) => saveProgress(db, attempt.id, attempt.epoch, reading));
  try {
    const step = stepOf(deriveSteps(rows), attempt.stepId);
    if (!step)
      throw new CutoverError({
        code: 'step_unknown',
        message: `The runbook has no step ${attempt.stepId}.`,
        advice: 'Adopt the files again, or abandon.',
      });
    testGate(rows, step, attempt);
    const places = walkRunbook(rows.runbook);
    const stepMs = limitMs(places, step.place, attempt.verb);
    const heldMs = await whileAway(() => holdLeftMs(db, rows, attempt));
    const holdMs = heldMs ?? stepMs;
    if (holdMs <= 0) throw heldTooLong(rows, attempt.stepId);
    const leftMs = Math.min(stepMs, holdMs);
    deadline.onPassed = () => {
      late = holdMs < stepMs ? heldTooLong(rows, attempt.stepId) : lateError(rows, attempt);
      mine.child.stop('deadline_passed');
    };
    // Until the plan was made once more, nothing is done and nobody held: that has the time of a plan.
    const comparesPlan = heldMs === null && attempt.planDigest && !attempt.planMatchedAt;
    const firstMs = leftMs + (comparesPlan ? limitMs(places, step.place, 'plan') : 0);
    await begin(worker, rows, step, attempt, firstMs);
    deadline.endIn(firstMs);
    const result = await mine.child.perform(taskFor(worker, rows, step, attempt), {
      log: (line) => log.write(line),
      progress: progress.write,
      checking: () => {
        markChecking(worker, attempt).catch(() => undefined);
      },
      answer: async (ask) => {
        const answer = await answerStep(db, rows.cutover, attempt, ask);
        if (ask.what === 'plan-matched') deadline.endIn(leftMs);
        return answer;
      },
    });
    return { state: 'done', result };
  } catch (thrown) {
    const error = toFacts(late ?? thrown);
    log.write({
      at: new Date().toISOString(),
      level: 'error',
      stream: 'err',
      text: `${error.message} ${error.advice} ${error.code}`,
    });
    if (mine.cancelled && !late)
      return {
        state: 'cancelled',
        error: { ...error, code: 'cancelled', message: 'A person cancelled this attempt.' },
      };
    return { state: 'failed', error };
  } finally {
    deadline.clear();
    await progress.close();
  }
}

/** The same question the press was asked, on the rows of now. @throws CutoverError gate_closed | state_forbids */
function testGate(rows: CutoverRows, step: DerivedStep, attempt: AttemptRow): void {
  const { state } = rows.cutover;
  const ended = state === 'closed' || state === 'abandoned';
  if (attempt.verb === 'undo' ? !ended : step.gate.open) return;
  throw new CutoverError({
    code: step.gate.code,
    message: `The gate had closed when the attempt started: ${step.gate.reason ?? `the cutover is ${state}.`}`,
    advice: 'Finish what it waits for, then press again; nothing was run.',
    facts: { stepId: step.id, missing: step.gate.missing },
  });
}

async function begin(
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

async function markChecking(worker: WorkerEnv, attempt: AttemptRow): Promise<void> {
  await inTx(worker.db, async (tx) => {
    await insertEvent(tx, attempt.cutoverId, 'attempt', attempt.stepId, {
      attemptId: attempt.id,
      verb: attempt.verb,
      state: 'checking',
    });
    await updateHeldAttempt(tx, attempt.id, attempt.epoch, { state: 'checking' }, ['running']);
  });
}

const workDir = (worker: WorkerEnv, attemptId: string): string => path.join(worker.home, 'work', attemptId);

function taskFor(worker: WorkerEnv, rows: CutoverRows, step: DerivedStep, attempt: AttemptRow): Task {
  const { cutover } = rows;
  const planned = placesToPlan(walkRunbook(rows.runbook), step.place);
  const name = `${cutover.sourceId.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 40)}-${createHash('sha256').update(cutover.sourceId).digest('hex').slice(0, 8)}`;
  const snapshotDir = path.join(worker.home, 'snapshots', encodeURIComponent(cutover.system), name);
  const own = workDir(worker, attempt.id);
  for (const folder of [snapshotDir, own]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    attemptId: attempt.id,
    cutoverId: cutover.id,
    holdId: cutover.switchGroup ?? cutover.id,
    epoch: attempt.epoch,
    verb: attempt.verb,
    stepId: step.id,
    planSteps: planned.map((place) => place.step.id),
    planDigest: attempt.planMatchedAt ? null : attempt.planDigest,
    entry: rows.entry,
    runbook: rows.runbook,
    facts: rows.facts.map(({ stepId, name: factName, value }) => ({ stepId, name: factName, value })),
    rules: rows.findings.flatMap(({ key, rule, tableName, columnName, code }) =>
      rule ? [{ key, rule, table: tableName, column: columnName, code }] : [],
    ),
    allowedRoots: worker.allowedRoots(),
    snapshotDir,
    workDir: own,
    secrets: worker.secrets(),
  };
}

const lateError = (rows: CutoverRows, attempt: AttemptRow): CutoverError =>
  new CutoverError({
    code: 'deadline_passed',
    message: `${attempt.stepId} took longer than its limit and was ended.`,
    advice: 'Look at its log; retry, or raise limit_seconds in the runbook if the time was needed.',
    retry: 'now',
    facts: { stepId: attempt.stepId, runbook: rows.runbook.name },
  });
