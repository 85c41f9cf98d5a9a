import { lossOf } from '@/lib/dataplane';
import { toFacts } from '@/lib/errors';
import { type HeldLoss, heldLossFact } from '@/lib/shared/held';
import type { PlanLine, RowDiffSummary } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';
import type { StepContext } from '@/lib/steps/step';

/** Users wait while it counts, so it takes at most half of what they may be held. */
const longestMs = ({ runbook, step }: StepContext): number =>
  Math.min(runbook.freeze_limit_seconds, step.limit_seconds) * 500;

/** What `countHeldLoss` does, for the plan. */
export const heldLossLine = (ctx: StepContext): PlanLine => ({
  type: 'check',
  on: 'target',
  effect: 'read',
  does: `While users are held, counts once more the rows that going back drops; for ${longestMs(ctx) / 1000} s at most, and it stops nothing.`,
  undo: 'nothing to undo',
});

/**
 * Leaves the fact of what going back drops, counted while nobody writes: what was read before the press was read while users
 * wrote on. A rollback waits for it no longer than that and never breaks by it: where it cannot be counted, the fact stays away.
 * @param count undefined once the service was told to go back
 * @throws CutoverError cancelled | deadline_passed
 */
export async function countHeldLoss(
  ctx: StepContext,
  count: (within: StepContext) => Promise<RowDiffSummary | undefined>,
): Promise<void> {
  const limit = AbortSignal.timeout(longestMs(ctx));
  const within = { ...ctx, signal: AbortSignal.any([ctx.signal, limit]) };
  let counted: HeldLoss | null = null;
  try {
    const loss = await count(within);
    counted = larger(await ctx.state.get<HeldLoss>(heldLossFact), loss ? toHeldLoss(loss) : null);
  } catch (thrown) {
    ctx.throwIfEnded();
    const why = limit.aborted ? `it took over ${longestMs(ctx) / 1000} s` : toFacts(thrown).message;
    ctx.log('warn', `What is lost could not be counted under the hold: ${why}`);
  }
  // Kept over a crash: once the service is back, the two sides tell it no more.
  await ctx.state.set(heldLossFact, counted);
  if (!counted) return;
  ctx.setFact(heldLossFact, counted);
  ctx.log('info', `Going back drops ${countWords(BigInt(counted.rows), 'row')}, counted while users are held.`);
}

/** What a person chose to leave out is no loss; anything else that was not compared may be one. */
const toHeldLoss = ({ notCompared, ...counts }: RowDiffSummary): HeldLoss => ({
  at: new Date().toISOString(),
  rows: lossOf(counts),
  whole: notCompared.every((text) => text.endsWith('left out by rule')),
});

/** What was counted before a crash stands: a side that has gone back in part shows less of it. */
const larger = (kept: HeldLoss | null, now: HeldLoss | null): HeldLoss | null =>
  kept && now && BigInt(now.rows) > BigInt(kept.rows) ? now : (kept ?? now);
