import { and, eq, notInArray, sql } from 'drizzle-orm';
import { finding } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** As it travels from a step child: bigint as decimal text. */
export type SentFinding = {
  key: string;
  code: string;
  table: string;
  column: string | null;
  count: string;
  message: string;
  sample: { key: string; value: string }[];
  rules: { name: string; effect: string }[];
  blocking: boolean;
};

/** Findings as this attempt saw them: new ones added, known ones refreshed with their chosen rule kept while it is still offered, others gone. */
export async function saveFindings(
  tx: Tx,
  of: { id: string; cutoverId: string; stepId: string },
  findings: SentFinding[],
): Promise<void> {
  const keys = findings.map(({ key }) => key);
  await tx
    .delete(finding)
    .where(
      and(
        eq(finding.cutoverId, of.cutoverId),
        eq(finding.stepId, of.stepId),
        keys.length > 0 ? notInArray(finding.key, keys) : undefined,
      ),
    );
  for (const { table, column, count, blocking, ...rest } of findings) {
    const row = {
      ...rest,
      tableName: table,
      columnName: column,
      count: BigInt(count),
      blocking: blocking ? 1 : 0,
      stepId: of.stepId,
      attemptId: of.id,
    };
    await tx
      .insert(finding)
      .values({ ...row, cutoverId: of.cutoverId })
      .onConflictDoUpdate({
        target: [finding.cutoverId, finding.key],
        set: {
          ...row,
          rule: sql`case when exists (select 1 from jsonb_array_elements(excluded.rules) o where o->>'name' = ${finding.rule}) then ${finding.rule} end`,
        },
      });
  }
}
