import { quoteIdent, quoteList, quotePath, quoteText } from '@/lib/sources/quote';
import type { Cell } from '@/lib/sources/source';
import type { TableMapping, TargetSchema } from './types';

export const targetPath = ({ target }: TableMapping): string => quotePath(target.schema, target.table);
/** Name of a mapping in reports and in what a run remembers: no two are alike. */
export const mappingName = ({ source, label }: TableMapping): string => label ?? source;
export const targetColumns = ({ columns }: TableMapping): string => quoteList(columns.map(({ target }) => target));

export const copyInSql = (path: string, mapping: TableMapping): string =>
  `copy ${path} (${targetColumns(mapping)}) from stdin with (format binary)`;

/** The profile's rows: all of its own table, or its own rows of a shared one. */
export const targetWhere = ({ shared, scope }: TableMapping): string =>
  shared && scope ? ` where ${quoteIdent(shared.keyColumn)} = ${quoteText(scope.value)}` : '';

export const targetCountSql = (mapping: TableMapping): string =>
  `select count(*)::text as rows from ${targetPath(mapping)}${targetWhere(mapping)}`;

/** All rows of the profile in the source's order: text by bytes, as SQLite's BINARY does. A condition leaves out what is settled. */
export function copyOutSql(mapping: TableMapping, orderBy: readonly string[], condition?: string): string {
  const terms = orderBy.map((name) => {
    const column = mapping.columns.find(({ source }) => source === name);
    const collated = column && ['text', 'varchar', 'bpchar', 'citext'].includes(column.type.type) ? ' collate "C"' : '';
    return `${quoteIdent(column?.target ?? name)}${collated}`;
  });
  const own = targetWhere(mapping);
  const where = condition ? `${own ? `${own} and` : ' where'} ${condition}` : own;
  const order = terms.length ? ` order by ${terms.join(', ')}` : '';
  return `copy (select ${targetColumns(mapping)} from ${targetPath(mapping)}${where}${order}) to stdout with (format binary)`;
}

/** True for rows behind a source key, in the order of copyOutSql; null where the key's text form is not surely the target's own. */
export function behindKeySql(mapping: TableMapping, key: readonly Cell[]): string | null {
  const names = mapping.key.filter((name) => name !== mapping.scope?.column);
  const columns = names.map((name) => mapping.columns.find(({ source }) => source === name));
  if (names.length !== key.length) return null;
  const literals = key.map((cell, i) => {
    const type = columns[i]?.type.type ?? '';
    if (typeof cell === 'bigint' && ['int2', 'int4', 'int8'].includes(type)) return `(${cell})::int8`;
    if (typeof cell !== 'string' || cell.includes('\0')) return null;
    return ['text', 'varchar', 'uuid'].includes(type) ? `${quoteText(cell)}::${type}` : null;
  });
  if (literals.includes(null)) return null;
  const terms = columns.map((column) => {
    const name = quoteIdent(column?.target ?? '');
    return ['text', 'varchar'].includes(column?.type.type ?? '') ? `${name} collate "C"` : name;
  });
  return `(${terms.join(', ')}) > (${literals.join(', ')})`;
}

/** Columns that chosen rules alter and that the catalog does not have that way yet. */
export function alterSql(mapping: TableMapping, target: TargetSchema): string[] {
  const table = target.tables.find(
    ({ schema, name }) => schema === mapping.target.schema && name === mapping.target.table,
  );
  const dropped = (table?.indexes ?? [])
    .filter(({ name, definition }) => mapping.dropIndexes?.includes(name) && !definition.includes('md5('))
    .map(({ name }) => dropIndexSql(mapping, name, table?.uniqueKeys.some((key) => key.name === name) ?? false));
  const digested = (mapping.digestIndexes ?? [])
    .filter(({ name }) => table?.indexes.some((one) => one.name === name && !one.definition.includes('md5(')))
    .map(({ name, columns }) =>
      digestIndexSql(
        targetPath(mapping),
        name,
        columns.map((column) => keyTerm(mapping, column)),
      ),
    );
  const altered = mapping.columns.flatMap(({ target: name, type }) => {
    const now = table?.columns.find((column) => column.name === name);
    if (!now) return [];
    const alter = `alter table ${targetPath(mapping)} alter column ${quoteIdent(name)}`;
    const counter = now.sequence !== null && type.type === 'int8' && now.type !== 'int8' && !now.identity;
    return [
      // A serial's own sequence ends where its old type did.
      ...(counter ? [`alter sequence ${now.sequence} as bigint`] : []),
      ...(now.typeText !== type.typeText
        ? [`${alter} type ${type.typeText}${usingSql(name, now.type, type.type)}`]
        : []),
      ...(now.notNull && !type.notNull ? [`${alter} drop not null`] : []),
    ];
  });
  return [...dropped, ...altered, ...digested];
}

const keyTerm = ({ columns }: TableMapping, name: string) => ({
  name,
  type: columns.find(({ target }) => target === name)?.type.type ?? '',
});

/** A unique index whose long columns stand in it as their MD5. */
export const digestIndexSql = (
  path: string,
  index: string,
  columns: readonly { name: string; type: string }[],
): string => {
  const terms = columns.map(({ name, type }) => {
    if (!longTypes.test(type)) return quoteIdent(name);
    return `md5(${quoteIdent(name)}${/^(text|bytea)$/.test(type) ? '' : '::text'})`;
  });
  return `create unique index ${quoteIdent(index)} on ${path} (${terms.join(', ')})`;
};
/** Types whose values may be longer than an entry of an index. */
export const longTypes = /^(text|varchar|bpchar|citext|bytea|numeric)$/;

/** PostgreSQL has no cast of its own from text to bytea. */
const usingSql = (column: string, from: string, to: string): string =>
  to === 'bytea' && from !== 'bytea' ? ` using convert_to(${quoteIdent(column)}, 'UTF8')` : '';

/** A unique key may be a constraint, which goes by another statement than its index. */
const dropIndexSql = ({ target }: TableMapping, index: string, unique: boolean): string =>
  unique
    ? `do $cutover$ begin alter table ${quotePath(target.schema, target.table)} drop constraint ${quoteIdent(index)}; exception when undefined_object then drop index ${quotePath(target.schema, index)}; end $cutover$`
    : `drop index ${quotePath(target.schema, index)}`;

export const stageSql = (stage: string, mapping: TableMapping): string =>
  `create temporary table ${stage} on commit drop as select ${targetColumns(mapping)} from ${targetPath(mapping)} with no data`;

/** Puts staged rows into a shared table: present keys are overwritten, nothing else is touched. */
export function upsertSql(stage: string, mapping: TableMapping, key: readonly string[]): string {
  const others = mapping.columns.map(({ target }) => target).filter((name) => !key.includes(name));
  const update = others.length
    ? `do update set ${others.map((name) => `${quoteIdent(name)} = excluded.${quoteIdent(name)}`).join(', ')}`
    : 'do nothing';
  return `insert into ${targetPath(mapping)} (${targetColumns(mapping)}) overriding system value select ${targetColumns(mapping)} from ${stage} on conflict (${quoteList(key)}) ${update}`;
}
