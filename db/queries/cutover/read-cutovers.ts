import { asc, inArray, sql } from 'drizzle-orm';
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

/** All rows of these cutovers that statuses are derived from, one statement a table however many they are; evidence, plan
 *  lines and logs stay where they are. Ids that nobody knows are left out. */
export async function readCutovers(db: Reader, ids: readonly string[]) {
  const of = [...ids];
  const rows = await db
    .select({ row: cutover, now: sql<string>`clock_timestamp()` })
    .from(cutover)
    .where(inArray(cutover.id, of));
  if (rows.length === 0) return [];
  const attempts = await db
    .select()
    .from(attempt)
    .where(inArray(attempt.cutoverId, of))
    .orderBy(asc(attempt.queuedAt), asc(attempt.no));
  const checkpoints = await db
    .select({
      id: checkpoint.id,
      cutoverId: checkpoint.cutoverId,
      stepId: checkpoint.stepId,
      attemptId: checkpoint.attemptId,
      key: checkpoint.key,
      claim: checkpoint.claim,
      verdict: checkpoint.verdict,
      digest: checkpoint.digest,
      at: checkpoint.at,
    })
    .from(checkpoint)
    .where(inArray(checkpoint.cutoverId, of))
    .orderBy(asc(checkpoint.at), asc(checkpoint.id));
  const plans = await db
    .select({
      attemptId: plan.attemptId,
      cutoverId: plan.cutoverId,
      stepId: plan.stepId,
      digest: plan.digest,
      loss: plan.loss,
      madeAt: plan.madeAt,
    })
    .from(plan)
    .where(inArray(plan.cutoverId, of))
    .orderBy(asc(plan.madeAt));
  const signOffs = await db.select().from(signOff).where(inArray(signOff.cutoverId, of)).orderBy(asc(signOff.at));
  const ticks = await db
    .select()
    .from(checklistTick)
    .where(inArray(checklistTick.cutoverId, of))
    .orderBy(asc(checklistTick.at));
  const overrides = await db.select().from(override).where(inArray(override.cutoverId, of)).orderBy(asc(override.at));
  const secondPersons = await db
    .select()
    .from(secondPerson)
    .where(inArray(secondPerson.cutoverId, of))
    .orderBy(asc(secondPerson.at));
  const findings = await db
    .select({
      cutoverId: finding.cutoverId,
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
    .where(inArray(finding.cutoverId, of))
    .orderBy(asc(finding.key));
  const facts = await db
    .select()
    .from(fact)
    .where(inArray(fact.cutoverId, of))
    .orderBy(asc(fact.stepId), asc(fact.name));
  const lists = {
    attempts: byCutover(attempts),
    checkpoints: byCutover(checkpoints),
    plans: byCutover(plans),
    signOffs: byCutover(signOffs),
    ticks: byCutover(ticks),
    overrides: byCutover(overrides),
    secondPersons: byCutover(secondPersons),
    findings: byCutover(findings),
    facts: byCutover(facts),
  };
  return rows.map(({ row, now }) => ({
    row,
    now: new Date(now),
    attempts: lists.attempts(row.id),
    checkpoints: lists.checkpoints(row.id),
    plans: lists.plans(row.id),
    signOffs: lists.signOffs(row.id),
    ticks: lists.ticks(row.id),
    overrides: lists.overrides(row.id),
    secondPersons: lists.secondPersons(row.id),
    findings: lists.findings(row.id),
    facts: lists.facts(row.id),
  }));
}

/** Rows of one cutover, in the order in which they were read. */
function byCutover<T extends { cutoverId: string }>(rows: T[]): (cutoverId: string) => T[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.cutoverId);
    if (group) group.push(row);
    else groups.set(row.cutoverId, [row]);
  }
  return (cutoverId) => groups.get(cutoverId) ?? [];
}
