import { and, eq, sql } from 'drizzle-orm';
import { finding } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** Records the rule if the finding offers it; the rule before, or false when there is no such finding or rule. */
export async function chooseRuleRow(
  tx: Tx,
  cutoverId: string,
  key: string,
  rule: string,
  by: string,
): Promise<boolean> {
  const rows = await tx
    .update(finding)
    .set({ rule, ruleBy: by, ruleAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(finding.cutoverId, cutoverId),
        eq(finding.key, key),
        sql`exists (select 1 from jsonb_array_elements(${finding.rules}) offered where offered->>'name' = ${rule})`,
      ),
    )
    .returning({ key: finding.key });
  return rows.length > 0;
}
