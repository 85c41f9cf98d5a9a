import { quoteIdent, quoteList, quotePath } from '@/lib/sources/quote';
import type { SourceIndex } from '@/lib/sources/source';
import { ruleFor } from '@/lib/dataplane/rules';
import { digestIndexSql } from '@/lib/dataplane/target-sql';
import type { ChosenRules } from '@/lib/dataplane/types';
import type { AfterStatement, ObjectKind } from './design-types';
import type { Names } from './names';
import { NotTheSame } from './parse-expression';
import { dropsNotNull, type TableDesign } from './table-design';
import { collated, sceneOf, translate, translateCondition } from './translate';

type Keys = { table: TableDesign; names: Names; rules: ChosenRules; schema: string };

/** Primary key, unique constraints and indexes of a table. */
export function keyStatements(keys: Keys): AfterStatement[] {
  const { table } = keys;
  const { primaryKey, indexes } = table.source;
  const statements: AfterStatement[] = [];
  const pkIndex = indexes.find(({ origin }) => origin === 'pk');
  if (table.rowid !== null) statements.push(constraint(keys, 'primary key', `${table.name}_pkey`, [table.rowid]));
  if (primaryKey.length)
    statements.push(
      ...guarded(keys, 'primary key', 'primary key', () => [primary(keys)], {
        columns: primaryKey,
        terms: [],
        unique: true,
      }),
    );
  // Alike to the application though not byte by byte: the key alone would let such rows in.
  if (pkIndex?.terms.some(({ collation }) => collation !== 'BINARY'))
    statements.push(
      ...guarded(keys, 'unique', 'primary key', () => {
        const folded = indexStatement(keys, { ...pkIndex, name: `${table.name}_pkey_folded` }, 'unique');
        tellBytewise(table, pkIndex, [folded]);
        return [folded];
      }),
    );
  for (const index of indexes.filter(({ origin }) => origin !== 'pk')) {
    const kind = index.unique ? 'unique' : 'index';
    statements.push(...guarded(keys, kind, index.name, () => [indexStatement(keys, index, kind)], index));
  }
  return statements;
}

function primary(keys: Keys): AfterStatement {
  const { table, rules } = keys;
  const { primaryKey, name } = table.source;
  requireFewColumns(primaryKey.length);
  const columns = primaryKey.map((column) => targetOf(table, column));
  // NULLs that a rule keeps have no place in a primary key; UNIQUE holds them apart, as SQLite does.
  return primaryKey.some((column) => dropsNotNull(rules, name, column))
    ? constraint(keys, 'unique', `${table.name}_key`, columns)
    : constraint(keys, 'primary key', `${table.name}_pkey`, columns);
}

/** @throws NotTheSame beyond what an index of PostgreSQL takes */
function requireFewColumns(columns: number): void {
  if (columns > 32) throw new NotTheSame(`it has ${columns} columns, and PostgreSQL takes at most 32`);
}

function constraint(keys: Keys, kind: 'primary key' | 'unique', wanted: string, columns: string[]): AfterStatement {
  const name = keys.names.take(wanted, `${keys.table.name} ${kind}`);
  return {
    kind,
    table: keys.table.name,
    name,
    sql: `alter table ${keys.table.path} add constraint ${quoteIdent(name)} ${kind} (${quoteList(columns)})`,
  };
}

function indexStatement(keys: Keys, index: SourceIndex, kind: 'unique' | 'index'): AfterStatement {
  const { table } = keys;
  requireFewColumns(index.terms.length);
  const plain =
    index.where === null && index.terms.every(({ column, collation }) => column !== null && collation === 'BINARY');
  if (index.unique && plain && index.origin === 'u')
    return constraint(
      keys,
      'unique',
      `${table.name}_${index.columns.join('_')}_key`,
      index.columns.map((name) => targetOf(table, name as string)),
    );
  const terms = index.terms.map((term) => termSql(table, term));
  const where = index.where === null ? '' : ` where ${translateCondition(index.where, sceneOf(table.seen))}`;
  const wanted = index.origin === 'u' ? `${table.name}_${index.columns.join('_')}_key` : index.name;
  const name = keys.names.take(wanted || `${table.name}_idx`, `${table.name} ${index.name}`);
  return {
    kind,
    table: table.name,
    name,
    sql: `create ${index.unique ? 'unique ' : ''}index ${quoteIdent(name)} on ${quotePath(keys.schema, table.name)} (${terms.join(', ')})${where}`,
  };
}

function termSql(
  table: TableDesign,
  { column, expression, collation, descending }: SourceIndex['terms'][number],
): string {
  const way = descending ? ' desc' : '';
  if (column !== null) {
    const seen = table.seen.get(column);
    const name = quoteIdent(targetOf(table, column));
    const isText = seen?.type === 'text';
    return `${isText && collation !== 'BINARY' ? `(${collated(name, collation)})` : name}${way}`;
  }
  if (expression === null) throw new NotTheSame('an indexed expression cannot be read');
  const value = translate(expression, sceneOf(table.seen));
  const sql = value.family === 'text' ? collated(value.sql, collation) : value.sql;
  return `(${sql})${way}`;
}

export function targetOf(table: TableDesign, column: string): string {
  const seen = table.seen.get(column);
  if (!seen) throw new NotTheSame(`column ${column} is not in the target`);
  return seen.target;
}

function leftOut(table: TableDesign, kind: ObjectKind, object: string): [] {
  table.notCarried.push({ table: table.source.name, object, kind, why: 'left out by rule', byRule: true });
  return [];
}

/** What is known of a key of the source: its columns, and how it compares them where that may be lost. */
type Key = Pick<SourceIndex, 'columns' | 'terms' | 'unique'>;

/** The same key over digests of its long columns; of a primary key it keeps what UNIQUE keeps. */
function digested(table: TableDesign, { name, kind, ...one }: AfterStatement, index: Key): AfterStatement {
  const columns = index.columns.map((column) => table.seen.get(column ?? '')).flatMap((seen) => seen ?? []);
  const terms = columns.map(({ target, type }) => ({ name: target, type }));
  const same = kind === 'primary key' ? 'unique' : kind;
  return { ...one, kind: same, name, sql: digestIndexSql(table.path, name, terms) };
}

/** An index over a column that became bytea compares its bytes: what the collation took for alike it holds apart. */
function tellBytewise(table: TableDesign, { terms, unique }: Key, made: readonly AfterStatement[]): void {
  const folded = terms.filter(
    ({ column, collation }) => collation !== 'BINARY' && table.seen.get(column ?? '')?.type === 'bytea',
  );
  const why = folded
    .map(({ column, collation }) => `${column} becomes bytea, which is compared byte by byte and not by ${collation}`)
    .join('; ');
  if (why)
    for (const { name } of made)
      table.notCarried.push({ table: table.source.name, object: name, kind: 'collation', why, guards: unique });
}

/** Lists what cannot be said, or what a rule leaves out, instead of making it. */
function guarded(
  { table, rules }: Keys,
  kind: ObjectKind,
  object: string,
  make: () => AfterStatement[],
  index?: Key,
): AfterStatement[] {
  try {
    const made = make();
    const chosen = made.flatMap(({ name }) =>
      (['index_row_too_large', 'index_fails', 'duplicate_key'] as const).map((code) =>
        ruleFor(rules, table.source.name, name, code),
      ),
    );
    if (chosen.includes('leave-out-index')) return leftOut(table, kind, object);
    if (index) tellBytewise(table, index, made);
    return chosen.includes('digest-index') && index ? made.map((one) => digested(table, one, index)) : made;
  } catch (thrown) {
    if (!(thrown instanceof NotTheSame)) throw thrown;
    table.notCarried.push({ table: table.source.name, object, kind, why: thrown.message });
    return [];
  }
}
