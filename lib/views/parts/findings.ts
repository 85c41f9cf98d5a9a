import type { readFindings } from '@/db/queries/views/read-step-evidence';
import { losingRules } from '@/lib/dataplane/rule-texts';
import type { FindingShown } from '@/lib/shared/evidence';

type Row = Awaited<ReturnType<typeof readFindings>>[number];

/** @param people names by person id */
export const toFinding = (row: Row, people: ReadonlyMap<string, string>): FindingShown => ({
  key: row.key,
  code: row.code,
  table: row.tableName,
  column: row.columnName,
  count: row.count.toString(),
  message: row.message,
  sample: row.sample as FindingShown['sample'],
  rules: row.rules.map((one) => (losingRules.has(one.name) ? { ...one, loses: true as const } : one)),
  rule: row.rule,
  ruleBy: row.ruleBy ? (people.get(row.ruleBy) ?? null) : null,
  ruleAt: row.ruleAt?.toISOString() ?? null,
  blocking: row.blocking === 1,
});
