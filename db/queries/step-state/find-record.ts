import { and, desc, eq } from 'drizzle-orm';
import { attempt, cutover, fact } from '@/db/schema';
import type { Reader } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

/** The newest record of this name that a step of any cutover of the system has kept; taken back with its step. */
export async function findRecord(db: Reader, system: string, name: string): Promise<Json> {
  const [row] = await db
    .select({
      value: fact.value,
      cutoverId: fact.cutoverId,
      sourceId: cutover.sourceId,
      runbook: cutover.runbookName,
      runbookDigest: cutover.runbookDigest,
    })
    .from(fact)
    .innerJoin(cutover, eq(cutover.id, fact.cutoverId))
    .innerJoin(attempt, eq(attempt.id, fact.attemptId))
    .where(and(eq(cutover.system, system), eq(fact.name, `record.${name}`)))
    .orderBy(desc(attempt.endedAt))
    .limit(1);
  return row ?? null;
}
