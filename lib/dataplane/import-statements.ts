import type pg from 'pg';
import { ledgerOf } from './ledger-schema';
import { ledgerStatements } from './make-ledger';
import { alterSql, copyInSql, targetPath } from './target-sql';
import type { TablePlan, TargetSchema } from './types';

/** The SQL of an import, for its plan. `client`: a session of the role that loads. The rules are already in the plan's mappings. */
export const importStatements = (
  client: pg.Client,
  plan: TablePlan,
  target: TargetSchema,
): { ledger: string[]; alter: string[]; copy: { table: string; sql: string }[] } => ({
  ledger: ledgerStatements(ledgerOf(client)),
  alter: plan.tables.flatMap((mapping) => alterSql(mapping, target)),
  copy: plan.tables.map((mapping) => ({ table: mapping.source, sql: copyInSql(targetPath(mapping), mapping) })),
});
