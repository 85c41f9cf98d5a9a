import { sql } from 'drizzle-orm';
import { forgetStep, savePlan, saveVerdict } from '@/db/queries/attempt/save-result';
import { updateHeldAttempt } from '@/db/queries/attempt/update-held-attempt';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { lockCutover } from '@/db/queries/cutover/lock-cutover';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { continuePress } from '@/lib/cutover/continue-press';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { titleInRunbook } from '@/lib/cutover/walk-runbook';
import type { ErrorFacts } from '@/lib/errors';
import type { Json } from '@/lib/shared/json';
import type { TaskResult } from './messages';
import { whileAway } from './while-away';

export type Outcome =
  | { state: 'done'; result: TaskResult }
  | { state: 'failed'; error: Required<ErrorFacts> }
  | { state: 'cancelled'; error: Required<ErrorFacts> };

/**
 * Result, state, audit and what follows, in one transaction under the attempt's epoch; repeated while the control plane
 * is away. @returns the attempt that goes on without another press; null also when another worker holds this one
 */
export function recordAttempt(
  db: Db,
  { cutover, runbook }: Pick<CutoverRows, 'cutover' | 'runbook'>,
  attempt: AttemptRow,
  outcome: Outcome,
): Promise<AttemptRow | null> {
  const { id, epoch, cutoverId, stepId, verb } = attempt;
  return whileAway(() =>
    inTx(db, async (tx) => {
      await lockCutover(tx, cutoverId);
      const error = outcome.state === 'done' ? null : outcome.error;
      const ended = await updateHeldAttempt(tx, id, epoch, {
        state: outcome.state,
        error,
        endedAt: sql`clock_timestamp()`,
      });
      if (!ended) return null;
      if (outcome.state === 'done') {
        const { result } = outcome;
        if (result.kind === 'plan')
          await savePlan(tx, ended, { digest: result.digest, lines: result.lines, loss: result.loss });
        if (result.kind === 'verdict') await saveVerdict(tx, ended, result.checkpoints, result.facts);
        if (result.kind === 'undone') await forgetStep(tx, ended);
      }
      const verdict = verdictOf(outcome);
      await insertEvent(tx, cutoverId, verb === 'plan' ? 'plan' : 'attempt', stepId, {
        attemptId: id,
        verb,
        state: outcome.state,
        verdict,
      });
      if (verb !== 'plan') {
        await appendAudit(tx, {
          actor: 'system',
          role: 'worker',
          act: 'attempt-ended',
          cutoverId,
          system: cutover.system,
          sourceId: cutover.sourceId,
          summary: summaryOf(titleInRunbook(runbook, stepId), ended, outcome, verdict),
          what: detailOf(ended, outcome, verdict),
        });
      }
      return continuePress(tx, ended);
    }),
  );
}

function verdictOf(outcome: Outcome): 'passed' | 'failed' | 'unknown' | null {
  if (outcome.state !== 'done' || outcome.result.kind !== 'verdict') return null;
  const { checkpoints } = outcome.result;
  if (checkpoints.some(({ verdict }) => verdict === 'failed')) return 'failed';
  return checkpoints.length > 0 && checkpoints.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'unknown';
}

type Ended = Pick<AttemptRow, 'verb' | 'no'>;

function summaryOf(title: string, { verb, no }: Ended, outcome: Outcome, verdict: string | null): string {
  const what = verb === 'undo' ? `Taking back: ${title}` : `${title}, attempt ${no}`;
  if (outcome.state !== 'done') return `${what}: ${outcome.state} (${outcome.error.code})`;
  return `${what}: ${verdict ?? 'done'}`;
}

function detailOf(attempt: AttemptRow, outcome: Outcome, verdict: string | null): Json {
  const base = {
    attemptId: attempt.id,
    stepId: attempt.stepId,
    verb: attempt.verb,
    epoch: attempt.epoch,
    state: outcome.state,
    planDigest: attempt.planDigest,
  };
  if (outcome.state !== 'done') return { ...base, error: { code: outcome.error.code, message: outcome.error.message } };
  if (outcome.result.kind !== 'verdict') return base;
  return {
    ...base,
    verdict,
    checkpoints: outcome.result.checkpoints.map(({ key, claim, verdict: found }) => ({ key, claim, verdict: found })),
  };
}
