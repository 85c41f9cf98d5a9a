import { asc, eq, sql } from 'drizzle-orm';
import {
  attempt,
  checklistTick,
  checkpoint,
  cutover,
  fact,
  finding,
  override,
  plan,
  secondPerson,
  signOff,
} from '@/db/schema';
import type { Reader } from '@/db/tx';

/** All rows of one cutover that statuses are derived from; evidence, plan lines and logs stay where they are. */
export async function readCutover(db: Reader, cutoverId: string) {
  const [row] = await db
    .select({ row: cutover, now: sql<string>`clock_timestamp()` })
    .from(cutover)
    .where(eq(cutover.id, cutoverId));
  if (!row) return null;
  const attempts = await db
    .select()
    .from(attempt)
    .where(eq(attempt.cutoverId, cutoverId))
    .orderBy(asc(attempt.queuedAt), asc(attempt.no));
  const checkpoints = await db
    .select({
      id: checkpoint.id,
      stepId: checkpoint.stepId,
      attemptId: checkpoint.attemptId,
      key: checkpoint.key,
      claim: checkpoint.claim,
      verdict: checkpoint.verdict,
      digest: checkpoint.digest,
      at: checkpoint.at,
    })
    .from(checkpoint)
    .where(eq(checkpoint.cutoverId, cutoverId))
    .orderBy(asc(checkpoint.at), asc(checkpoint.id));
  const plans = await db
    .select({
      attemptId: plan.attemptId,
      stepId: plan.stepId,
      digest: plan.digest,
      loss: plan.loss,
      madeAt: plan.madeAt,
    })
    .from(plan)
    .where(eq(plan.cutoverId, cutoverId))
    .orderBy(asc(plan.madeAt));
  const signOffs = await db.select().from(signOff).where(eq(signOff.cutoverId, cutoverId)).orderBy(asc(signOff.at));
  const ticks = await db
    .select()
    .from(checklistTick)
    .where(eq(checklistTick.cutoverId, cutoverId))
    .orderBy(asc(checklistTick.at));
  const overrides = await db.select().from(override).where(eq(override.cutoverId, cutoverId)).orderBy(asc(override.at));
  const secondPersons = await db
    .select()
    .from(secondPerson)
    .where(eq(secondPerson.cutoverId, cutoverId))
    .orderBy(asc(secondPerson.at));
  const findings = await db
    .select({
      key: finding.key,
      stepId: finding.stepId,
      code: finding.code,
      tableName: finding.tableName,
      columnName: finding.columnName,
      rule: finding.rule,
      rules: finding.rules,
      blocking: finding.blocking,
    })
    .from(finding)
    .where(eq(finding.cutoverId, cutoverId))
    .orderBy(asc(finding.key));
  const facts = await db
    .select()
    .from(fact)
    .where(eq(fact.cutoverId, cutoverId))
    .orderBy(asc(fact.stepId), asc(fact.name));
  return { ...row, attempts, checkpoints, plans, signOffs, ticks, overrides, secondPersons, findings, facts };
}
