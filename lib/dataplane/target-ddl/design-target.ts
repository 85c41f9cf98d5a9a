import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { isScoped } from '@/lib/sources/scope';
import type { SourceSchema, SourceTable } from '@/lib/sources/source';
import { ruleFor } from '@/lib/dataplane/rules';
import type { ChosenRules, SourceScope, TargetPlace } from '@/lib/dataplane/types';
import { designFindings } from './design-findings';
import type { AfterStatement, ClassProfile, Design } from './design-types';
import { foreignKeyStatements } from './foreign-keys';
import { keyStatements } from './keys';
import { mostColumns, Names, nameMap, noRenames } from './names';
import { createSql, designTable, type TableDesign } from './table-design';
import { checkStatements, defaultStatements } from './table-rules';

/** The default target of a source: bare tables first, everything else when the rows are in. The same source, profile and rules
 *  give the same text, so that two plans can be compared. */
export function designTarget(
  source: SourceSchema,
  profile: ClassProfile,
  place: TargetPlace,
  scope: SourceScope,
  rules: ChosenRules,
): Design {
  const declared = place.renames ?? noRenames;
  const renames = nameMap(source, declared);
  const tables = source.tables
    .filter(({ columns }) => columns.length <= mostColumns)
    .filter(({ name, scopeColumn }) => scopeColumn || !isScoped(scope) || !isLeftOut(rules, name))
    .filter(({ name }) => !isRefused(rules, name, null))
    .map((table) =>
      designTable(
        typedByParent(withoutRefused(table, rules), source, profile),
        profile.get(table.name),
        renames,
        place.schema,
        rules,
      ),
    );
  const names = new Names();
  for (const { name } of tables) names.take(name);
  const quarantined = new Map(
    tables
      .filter((table) => movesOrphans(rules, table))
      .map((table) => [table, names.take(quarantineName(table.name))]),
  );
  const create = tables.flatMap((table) => {
    const sequence = (column: string) => quotePath(place.schema, names.take(`${table.name}_${column}_seq`));
    const aside = quarantined.get(table);
    return [createSql(table, sequence, quoteIdent), ...(aside ? [quarantineSql(table, place.schema, aside)] : [])];
  });
  const after: AfterStatement[] = [];
  for (const table of tables) after.push(...keyStatements({ table, names, rules, schema: place.schema }));
  for (const table of tables) after.push(...checkStatements(table, names, rules), ...defaultStatements(table));
  for (const table of tables) after.push(...foreignKeyStatements(table, tables, names, rules));
  return {
    schema: place.schema,
    create: [`create schema ${quoteIdent(place.schema)}`, ...create],
    after,
    notCarried: tables.flatMap(({ notCarried }) => notCarried),
    renames,
    findings: designFindings(tables, after, renames, declared, rules),
  };
}

/** `a_id references a`, still empty: nothing says what it will hold but the column it refers to. */
function typedByParent(table: SourceTable, { tables }: SourceSchema, profile: ClassProfile): SourceTable {
  const declaredOf = (name: string): string => {
    const key = table.foreignKeys.find(({ columns }) => columns.includes(name));
    const parent = tables.find((one) => one.name === key?.table);
    const reference = key?.references[key.columns.indexOf(name)];
    return parent?.columns.find((column) => column.name === reference)?.declared ?? '';
  };
  const columns = table.columns.map((column) => {
    const found = profile.get(table.name)?.columns.get(column.name);
    const holds = found && found.integer + found.real + found.text + found.blob > 0n;
    return column.declared !== '' || holds ? column : { ...column, declared: declaredOf(column.name) };
  });
  return { ...table, columns };
}

const isRefused = (rules: ChosenRules, table: string, column: string | null): boolean =>
  ruleFor(rules, table, column, 'name_refused') === 'leave-out';
const withoutRefused = (table: SourceTable, rules: ChosenRules): SourceTable => ({
  ...table,
  columns: table.columns.filter(({ name }) => !isRefused(rules, table.name, name)),
});

const isLeftOut = (rules: ChosenRules, table: string): boolean =>
  ruleFor(rules, table, null, 'table_without_scope') === 'leave-out';

/** The table that takes rows which a foreign key would refuse. */
export const quarantineName = (table: string): string => `${table}_quarantine`;

const movesOrphans = (rules: ChosenRules, { source }: TableDesign): boolean =>
  rules.some(
    ({ key, rule }) =>
      rule === 'move-to-quarantine' && key.startsWith(`${source.name}.`) && key.endsWith('.orphan_rows'),
  );

const quarantineSql = ({ columns, rowid }: TableDesign, schema: string, name: string): string => {
  const lines = columns.map(({ target }) => `${quoteIdent(target.name)} ${target.typeText}`);
  if (rowid !== null) lines.push(`${quoteIdent(rowid)} bigint`);
  return `create table ${quotePath(schema, name)} (\n  ${lines.join(',\n  ')}\n)`;
};
