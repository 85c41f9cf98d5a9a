import type { SourceColumn, SourceTable } from '@/lib/sources/source';
import { quotePath } from '@/lib/sources/quote';
import { rowidName } from '@/lib/sources/sqlite-sql';
import { alteredColumn, mostKept, ruleFor } from '@/lib/dataplane/rules';
import type { ChosenRules, TargetColumn } from '@/lib/dataplane/types';
import { familyOf, targetColumn, typeOf, typeOfMost } from './column-type';
import type { NotCarried, Renames, SeenColumn, TableClasses } from './design-types';
import { targetColumnName, targetName } from './names';
import { NotTheSame } from './parse-expression';
import { asInt, type Said, said, sceneOf, translate } from './translate';

/** One table of the design: what its statements are made from. */
export type TableDesign = {
  source: SourceTable;
  name: string;
  path: string;
  columns: { source: SourceColumn; target: TargetColumn; expression: string | null }[];
  seen: ReadonlyMap<string, SeenColumn>;
  classes: TableClasses | undefined;
  /** The rowid as a column, where a rule carries it. */
  rowid: string | null;
  rules: ChosenRules;
  notCarried: NotCarried[];
};

export function designTable(
  source: SourceTable,
  classes: TableClasses | undefined,
  renames: Renames,
  schema: string,
  rules: ChosenRules,
): TableDesign {
  const nullKey = source.primaryKey.some((name) => dropsNotNull(rules, source.name, name));
  const notCarried: NotCarried[] = [];
  const columns = source.columns.map((column) => {
    const inKey = source.primaryKey.includes(column.name) && !nullKey;
    const name = targetColumnName(renames, source.name, column.name);
    const type =
      column.name === source.rowidAlias
        ? 'int8'
        : (typeOfMost(mostKept(source, column.name, rules)) ?? typeOf(column, classes?.columns.get(column.name)));
    const plain = targetColumn(name, type, column.notNull || inKey);
    return { source: column, target: alteredColumn(plain, source.name, column.name, rules), expression: null };
  });
  const seen = new Map<string, SeenColumn>(
    columns.map(({ source: { name, declared, collation, generated }, target }) => [
      name,
      { target: target.name, type: target.type, declared, collation, generated },
    ]),
  );
  const name = targetName(renames, source.name);
  const carried = ruleFor(rules, source.name, null, 'no_primary_key') === 'carry-rowid' && !hasKey(source);
  const design: TableDesign = {
    source,
    name,
    path: quotePath(schema, name),
    columns,
    seen,
    classes,
    rowid: carried ? rowidName(source) : null,
    rules,
    notCarried,
  };
  return { ...design, columns: columns.map((column) => ({ ...column, expression: generatedAs(column, design) })) };
}

export const dropsNotNull = (rules: ChosenRules, table: string, column: string): boolean =>
  ruleFor(rules, table, column, 'null_in_not_null') === 'drop-not-null';

/** Whether some columns that are never NULL name each row. */
export const hasKey = ({ primaryKey, indexes, columns }: SourceTable): boolean =>
  primaryKey.length > 0 ||
  indexes.some(
    ({ unique, partial, columns: names }) =>
      unique &&
      !partial &&
      names.every((name) => name !== null && columns.find((column) => column.name === name)?.notNull),
  );

function generatedAs(
  { source: column, target }: { source: SourceColumn; target: TargetColumn },
  table: TableDesign,
): string | null {
  if (!column.generated) return null;
  const left = { table: table.source.name, object: column.name, kind: 'generated column' as const };
  if (ruleFor(table.rules, table.source.name, column.name, 'generated_differs') === 'keep-values') {
    table.notCarried.push({ ...left, why: 'kept as values by rule', byRule: true });
    return null;
  }
  try {
    if (column.generatedSql === null) throw new NotTheSame('its expression cannot be read');
    return fitTo(translate(column.generatedSql, sceneOf(table.seen)), target);
  } catch (thrown) {
    if (!(thrown instanceof NotTheSame)) throw thrown;
    table.notCarried.push({ ...left, why: thrown.message });
    return null;
  }
}

/** The computed value in the column's own type. */
function fitTo(value: Said, target: TargetColumn): string {
  const one = value.family === 'bool' ? asInt(value) : value;
  const wanted = familyOf(target.type);
  if (one.family === wanted) return one.family === 'int' ? said(`(${one.sql})::bigint`, 'int').sql : one.sql;
  if (one.family === 'int' && (wanted === 'text' || wanted === 'numeric')) return `(${one.sql})::${target.typeText}`;
  if (one.family === 'int' && wanted === 'bool') return `(${one.sql} <> 0)`;
  throw new NotTheSame(`it yields ${one.family} where ${target.typeText} is stored`);
}

/** CREATE TABLE with types, NOT NULL and identity; keys and all else come when the rows are in. */
export function createSql(table: TableDesign, sequence: (column: string) => string, quote: (name: string) => string) {
  const lines = table.columns.map(({ source, target, expression }) => {
    const identity =
      source.name === table.source.rowidAlias
        ? ` generated by default as identity (sequence name ${sequence(target.name)})`
        : '';
    const generated = expression === null ? '' : ` generated always as (${expression}) stored`;
    return `${quote(target.name)} ${target.typeText}${identity}${generated}${target.notNull ? ' not null' : ''}`;
  });
  if (table.rowid !== null)
    lines.push(
      `${quote(table.rowid)} bigint generated by default as identity (sequence name ${sequence(table.rowid)}) not null`,
    );
  return `create table ${table.path} (${lines.length ? `\n  ${lines.join(',\n  ')}\n` : ''})`;
}
