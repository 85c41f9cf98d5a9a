import { ledgerStatements } from './ledger';
import { alterSql, copyInSql, targetPath } from './target-sql';
import type { ChosenRules, TablePlan, TargetSchema } from './types';

/** The SQL of an import, for its plan. The rules are already in the plan's mappings. */
export const importStatements = (
  plan: TablePlan,
  target: TargetSchema,
  _rules?: ChosenRules,
): { ledger: string[]; alter: string[]; copy: { table: string; sql: string }[] } => ({
  ledger: ledgerStatements,
  alter: plan.tables.flatMap((mapping) => alterSql(mapping, target)),
  copy: plan.tables.map((mapping) => ({ table: mapping.source, sql: copyInSql(targetPath(mapping), mapping) })),
});
