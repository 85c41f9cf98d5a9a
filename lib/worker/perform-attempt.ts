import { saveProgress } from '@/db/queries/attempt/save-progress';
import { deriveSteps, stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { titleInRunbook, walkRunbook } from '@/lib/cutover/walk-runbook';
import { CutoverError, toFacts } from '@/lib/errors';
import { formatAbout } from '@/lib/shared/format';
import { answerStep } from './answer-step';
import { Deadline, limitMs } from './attempt-limit';
import { heldTooLong, holdLeftMs } from './hold-left';
import { keepProgress } from './keep-progress';
import type { LogWriter } from './log-writer';
import { markChecking, markRunning } from './mark-attempt';
import type { Outcome } from './record-attempt';
import { taskFor } from './task-for';
import { whileAway } from './while-away';
import type { Held, WorkerEnv } from './worker-env';

/** Runs a claimed attempt in its child, within its time; what goes wrong there is the outcome. */
export async function performAttempt(
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
    const time = await timeFor(worker, rows, step, attempt);
    deadline.onPassed = () => {
      late = time.passed;
      mine.child.stop('deadline_passed');
    };
    await markRunning(worker, rows, step, attempt, time.firstMs);
    deadline.endIn(time.firstMs);
    const result = await mine.child.perform(taskFor(worker, rows, step, attempt), {
      log: (line) => log.write(line),
      progress: progress.write,
      checking: () => {
        markChecking(worker, attempt).catch(() => undefined);
      },
      answer: async (ask) => {
        const answer = await answerStep(db, rows.cutover, attempt, ask);
        if (ask.what === 'plan-matched') deadline.endIn(time.runMs);
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

type Time = {
  /** Until the end, or until the plan was found to be as approved. */
  firstMs: number;
  /** From there on. */
  runMs: number;
  /** What is said when it has passed. */
  passed: CutoverError;
};

/** The step's own limit, or what is left of the time that users may be held. @throws CutoverError freeze_limit_passed */
async function timeFor({ db }: WorkerEnv, rows: CutoverRows, step: DerivedStep, attempt: AttemptRow): Promise<Time> {
  const places = walkRunbook(rows.runbook);
  const stepMs = limitMs(places, step.place, attempt.verb);
  const heldMs = await whileAway(() => holdLeftMs(db, rows, attempt));
  const holdMs = heldMs ?? stepMs;
  if (holdMs <= 0) throw heldTooLong(rows, attempt.stepId);
  const runMs = Math.min(stepMs, holdMs);
  // Until the plan was made once more, nothing is done and nobody held: that has the time of a plan.
  const comparesPlan = heldMs === null && attempt.planDigest && !attempt.planMatchedAt;
  return {
    firstMs: runMs + (comparesPlan ? limitMs(places, step.place, 'plan') : 0),
    runMs,
    passed: holdMs < stepMs ? heldTooLong(rows, attempt.stepId) : lateError(rows, attempt, stepMs),
  };
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

const lateError = (rows: CutoverRows, { verb, stepId }: AttemptRow, withinMs: number): CutoverError => {
  const title = titleInRunbook(rows.runbook, stepId);
  const within = formatAbout(withinMs);
  return new CutoverError({
    code: 'deadline_passed',
    message:
      verb === 'plan'
        ? `${title}: its plan was not made within ${within} and was ended; it had changed nothing.`
        : `${title} took longer than its limit of ${within} and was ended.`,
    advice:
      verb === 'plan'
        ? 'Make the plan again. Where it needs the time, give the step plan_limit_seconds in the runbook; else look in its log at what it waited for.'
        : 'Look at its log; retry, or raise limit_seconds in the runbook if the time was needed.',
    retry: 'now',
    facts: { stepId, verb, limitMs: withinMs, runbook: rows.runbook.name },
  });
};
