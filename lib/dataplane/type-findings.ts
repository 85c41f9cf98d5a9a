import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { finding } from './findings';
import { ruleFor } from './rules';
import type { ChosenRules, Finding, TargetColumn, TargetSchema, TargetTable } from './types';

type TypeDifference = { table: TargetTable; rows: TargetTable; expected: TargetColumn; actual: TargetColumn };

/** Columns that are there with another type than the system's own DDL gives them. */
function typeDifferences(expected: TargetSchema, actual: TargetSchema): TypeDifference[] {
  return expected.tables.flatMap((table) => {
    const there = actual.tables.find(({ schema, name }) => schema === table.schema && name === table.name);
    return table.columns.flatMap((column) => {
      const found = there?.columns.find(({ name }) => name === column.name);
      return there && found && found.typeText !== column.typeText
        ? [{ table, rows: there, expected: column, actual: found }]
        : [];
    });
  });
}

/** What somebody else made in the target, against the system's DDL, which is the authority. Keys are of the target's names. */
export const typeFindings = (expected: TargetSchema, actual: TargetSchema): Finding[] =>
  typeDifferences(expected, actual).map(({ table, expected: wanted, actual: found }) =>
    finding({
      code: 'type_not_expected',
      table: table.name,
      column: wanted.name,
      rules: ['use-expected-type', 'accept'],
      message: `Target column ${table.name}.${wanted.name} is ${found.typeText}; the system itself expects ${wanted.typeText}.`,
    }),
  );

/** Statements that give the target the types the system expects, where that rule was chosen. The tables must hold no row. */
export const expectedTypesSql = (expected: TargetSchema, actual: TargetSchema, rules: ChosenRules): string[] =>
  typeDifferences(expected, actual)
    .filter(
      ({ table, expected: { name } }) => ruleFor(rules, table.name, name, 'type_not_expected') === 'use-expected-type',
    )
    .flatMap(({ rows, expected: wanted, actual: found }) => retypeSql(rows, found, wanted));

/** The same the other way round: the DDL with the types that were accepted, to compare the target with. */
export const acceptedTypesSql = (expected: TargetSchema, actual: TargetSchema, rules: ChosenRules): string[] =>
  typeDifferences(expected, actual)
    .filter(({ table, expected: { name } }) => ruleFor(rules, table.name, name, 'type_not_expected') === 'accept')
    .flatMap(({ table, expected: wanted, actual: found }) => retypeSql(table, wanted, found));

/** No value is converted: where there are rows the server refuses NULL in their place, or the caller has made sure there are none. */
function retypeSql(table: TargetTable, from: TargetColumn, to: TargetColumn): string[] {
  const alter = `alter table ${quotePath(table.schema, table.name)} alter column ${quoteIdent(from.name)}`;
  if (from.identity || from.sequence !== null || to.sequence !== null)
    return [
      `${alter} type ${to.typeText}`,
      ...(from.sequence === null ? [] : [`alter sequence ${from.sequence} as ${to.typeText}`]),
    ];
  return [
    ...(from.defaultSql === null ? [] : [`${alter} drop default`]),
    `${alter} type ${to.typeText} using null`,
    ...(to.defaultSql === null ? [] : [`${alter} set default ${to.defaultSql}`]),
  ];
}
