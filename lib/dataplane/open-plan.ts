import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { isScoped } from '@/lib/sources/scope';
import type { SourceSchema } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { readSourceSchema } from '@/lib/sources/sqlite-schema';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import { openFindings } from './findings';
import { readDesign, type StoredDesign, withPending } from './design-store';
import { planTables } from './plan-tables';
import { readTarget } from './read-target';
import type { ChosenRules, Finding, SourceScope, TablePlan, TargetPlace, TargetSchema } from './types';

export type OpenPlan = {
  source: SourceSchema;
  target: TargetSchema;
  plan: TablePlan;
  /** The catalog as it is, without what a design will still give it. */
  there: TargetSchema;
  design: StoredDesign | null;
};

/** What has no counterpart stops a load; a comparison tells it and goes on with the rest. */
const withoutCounterpart = ['table_without_target', 'column_without_target', 'target_column_without_source'];

/** Source and target as they are now, mapped. `loads`: rows are to be written. @throws CutoverError schema_missing | finding_open | source_id_unknown */
export async function openPlan(
  client: pg.Client,
  file: SqliteFile,
  scope: SourceScope,
  place: TargetPlace,
  rules: ChosenRules,
  loads = true,
): Promise<OpenPlan> {
  const source = readSourceSchema(file, scope);
  const there = await readTarget(client, place);
  const design = await readDesign(client, place);
  const target = withPending(there, design);
  if (!target.exists)
    throw new CutoverError({
      code: 'schema_missing',
      message: `Schema ${place.schema} does not exist in the target.`,
      advice:
        'Make it first: by the step bootstrap of a cutover, by cutover run or cutover import on the command line.',
      facts: { schema: place.schema },
    });
  requireProfile(file, source, scope);
  const plan = planTables(source, target, scope, design ? { ...place, renames: design.renames } : place, rules);
  const open = openFindings(plan.findings, rules);
  const told = loads ? [] : open.filter(({ code }) => withoutCounterpart.includes(code));
  plan.notMoved.push(...told.map(({ message }) => message.replace(/\.$/, '')));
  // A trigger that changes rows as they come in is nothing to whoever only compares.
  refuseOpen(open.filter((one) => loads || (one.code !== 'load_trigger' && !told.includes(one))));
  return { source, target, plan, there, design };
}

/** A source_id without a single row is a typing error sooner than an empty profile. @throws CutoverError source_id_unknown */
export function requireProfile({ db, path }: SqliteFile, source: SourceSchema, scope: SourceScope): void {
  if (!isScoped(scope)) return;
  const known = source.tables.some(
    ({ name, scopeColumn }) =>
      scopeColumn !== null &&
      db
        .prepare(`select 1 from ${quoteIdent(name)}${rowsWhere({ column: scopeColumn }, [])} limit 1`)
        .get(scope.sourceId) !== undefined,
  );
  if (!known)
    throw new CutoverError({
      code: 'source_id_unknown',
      message: `${path} holds no row of ${scope.sourceId}.`,
      advice: 'Check source_id in the fleet file; upper and lower case, - and _ are different.',
      facts: { path, sourceId: scope.sourceId },
    });
}

/** @throws CutoverError finding_open */
export function refuseOpen(open: readonly Finding[]): void {
  const [first] = open;
  if (!first) return;
  throw new CutoverError({
    code: 'finding_open',
    message: `${open.length} finding${open.length === 1 ? '' : 's'} must be decided first: ${first.message}`,
    advice: 'Choose a rule for each finding in preflight, or repair the data in the source.',
    facts: { findings: open.map(({ key }) => key) },
  });
}
