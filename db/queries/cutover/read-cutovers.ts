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

type Read = (db: Reader, of: string[]) => Promise<{ cutoverId: string }[]>;

/** What belongs to a cutover, list by list, each in the order in which people read it. */
const readers = {
  attempts: (db: Reader, of: string[]) =>
    db.select().from(attempt).where(inArray(attempt.cutoverId, of)).orderBy(asc(attempt.queuedAt), asc(attempt.no)),
  checkpoints: (db: Reader, of: string[]) =>
    db
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
      .orderBy(asc(checkpoint.at), asc(checkpoint.id)),
  plans: (db: Reader, of: string[]) =>
    db
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
      .orderBy(asc(plan.madeAt)),
  signOffs: (db: Reader, of: string[]) =>
    db.select().from(signOff).where(inArray(signOff.cutoverId, of)).orderBy(asc(signOff.at)),
  ticks: (db: Reader, of: string[]) =>
    db.select().from(checklistTick).where(inArray(checklistTick.cutoverId, of)).orderBy(asc(checklistTick.at)),
  overrides: (db: Reader, of: string[]) =>
    db.select().from(override).where(inArray(override.cutoverId, of)).orderBy(asc(override.at)),
  secondPersons: (db: Reader, of: string[]) =>
    db.select().from(secondPerson).where(inArray(secondPerson.cutoverId, of)).orderBy(asc(secondPerson.at)),
  findings: (db: Reader, of: string[]) =>
    db
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
      .orderBy(asc(finding.key)),
  facts: (db: Reader, of: string[]) =>
    db.select().from(fact).where(inArray(fact.cutoverId, of)).orderBy(asc(fact.stepId), asc(fact.name)),
} satisfies Record<string, Read>;
type Lists = { [Name in keyof typeof readers]: Awaited<ReturnType<(typeof readers)[Name]>> };

/** All rows of these cutovers that statuses are derived from, one statement a table however many they are; evidence, plan
 *  lines and logs stay where they are. Ids that nobody knows are left out. */
export async function readCutovers(db: Reader, ids: readonly string[]) {
  const of = [...ids];
  const rows = await db
    .select({ row: cutover, now: sql<string>`clock_timestamp()` })
    .from(cutover)
    .where(inArray(cutover.id, of));
  if (rows.length === 0) return [];
  const lists: [string, ReturnType<typeof byCutover>][] = [];
  for (const [name, read] of Object.entries<Read>(readers)) lists.push([name, byCutover(await read(db, of))]);
  return rows.map(({ row, now }) => ({
    row,
    now: new Date(now),
    // Each name of the table of readers with what its own reader gave.
    ...(Object.fromEntries(lists.map(([name, listOf]) => [name, listOf(row.id)])) as Lists),
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
