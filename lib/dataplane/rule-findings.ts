import type pg from 'pg';
import { readSource } from '@/lib/sources/read-source';
import { designSource } from './design-source';
import { readTargetOfDesign } from './design-store';
import { planTables } from './plan-tables';
import { proveValues } from './prove-values';
import type { ChosenRules, Finding, SourceScope, SqliteLocation, TablePlan, TargetPlace, TargetSchema } from './types';

type Input = {
  source: SqliteLocation;
  scope: SourceScope;
  place: TargetPlace;
  rules: ChosenRules;
  /** The findings of the design without rules, and the target it makes. */
  known: readonly Finding[];
  plain: TargetSchema;
  signal: AbortSignal;
};

/**
 * What only the answers bring about: a rule that changes the design may leave another value without a place. Each answer may raise a
 * finding, and its answer the next one; they are followed until none is new, so that an import finds nothing that was not asked here.
 * Only rules of findings that are known take part, so that an answer never makes its own finding disappear.
 */
export async function ruleFindings(client: pg.Client, input: Input): Promise<Finding[]> {
  const { source, scope, place, plain, signal } = input;
  const keys = new Set(input.known.map(({ key }) => key));
  const found: Finding[] = [];
  for (let answered = 0; ; ) {
    const rules = input.rules.filter(({ key }) => keys.has(key));
    if (rules.length === answered) return found;
    answered = rules.length;
    const design = designSource(source, scope, place, rules, signal);
    const target = { ...(await readTargetOfDesign(client, place, design)), designed: true };
    const named = { ...place, renames: design.renames };
    const plan = planTables(readSource(source, scope), target, scope, named, rules);
    const touched = { ...plan, tables: touchedBy(rules, plan, target, plain) };
    const values = await proveValues(client, { source, plan: touched, target, rules, chosen: rules, signal });
    for (const one of [...design.findings, ...plan.findings, ...values]) {
      if (keys.has(one.key) || !one.blocking) continue;
      keys.add(one.key);
      found.push(one);
    }
  }
}

/** Tables that the rules name or whose design they change, and those at the other ends of their references; the others are as they were. */
function touchedBy(rules: ChosenRules, { tables }: TablePlan, target: TargetSchema, plain: TargetSchema) {
  const tableOf = (schema: TargetSchema, name: string) => schema.tables.find((one) => one.name === name);
  const own = new Set(
    tables
      .filter(
        ({ source, target: { table } }) =>
          rules.some(({ key }) => key.startsWith(`${source}.`)) ||
          JSON.stringify(tableOf(target, table)) !== JSON.stringify(tableOf(plain, table)),
      )
      .map((one) => one.target.table),
  );
  const refersTo = (name: string) => tableOf(target, name)?.foreignKeys.map(({ table }) => table) ?? [];
  const children = tables.map((one) => one.target.table).filter((name) => refersTo(name).some((to) => own.has(to)));
  for (const name of [...own, ...children]) for (const one of [name, ...refersTo(name)]) own.add(one);
  return tables.filter((one) => own.has(one.target.table));
}
