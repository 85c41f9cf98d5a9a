import { randomUUID, createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { checkpoint, fact, plan, stepState } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { CheckpointResult, PlanLine, RowDiffSummary } from '@/lib/shared/evidence';
import { canonicalJson, type Json } from '@/lib/shared/json';

type Of = { id: string; cutoverId: string; stepId: string };

export async function savePlan(
  tx: Tx,
  of: Of,
  result: { digest: string; lines: PlanLine[]; loss: RowDiffSummary | null },
): Promise<void> {
  await tx.insert(plan).values({
    attemptId: of.id,
    cutoverId: of.cutoverId,
    stepId: of.stepId,
    ...result,
    madeAt: sql`clock_timestamp()`,
  });
}

export async function saveVerdict(
  tx: Tx,
  of: Of,
  checkpoints: CheckpointResult[],
  facts: { name: string; value: Json }[],
): Promise<void> {
  if (checkpoints.length > 0) {
    await tx.insert(checkpoint).values(
      checkpoints.map(({ key, claim, verdict, evidence }) => ({
        id: randomUUID(),
        cutoverId: of.cutoverId,
        stepId: of.stepId,
        attemptId: of.id,
        key,
        claim,
        verdict,
        evidence: evidence as unknown as Json,
        digest: createHash('sha256').update(canonicalJson({ key, claim, verdict, evidence })).digest('hex'),
        at: sql`clock_timestamp()`,
      })),
    );
  }
  for (const { name, value } of facts) {
    await tx
      .insert(fact)
      .values({ cutoverId: of.cutoverId, stepId: of.stepId, name, attemptId: of.id, value })
      .onConflictDoUpdate({ target: [fact.cutoverId, fact.stepId, fact.name], set: { value, attemptId: of.id } });
  }
}

/** What a step left for others and for itself is gone with it. */
export async function forgetStep(tx: Tx, of: Of): Promise<void> {
  await tx.delete(fact).where(and(eq(fact.cutoverId, of.cutoverId), eq(fact.stepId, of.stepId)));
  await tx.delete(stepState).where(and(eq(stepState.cutoverId, of.cutoverId), eq(stepState.stepId, of.stepId)));
}
