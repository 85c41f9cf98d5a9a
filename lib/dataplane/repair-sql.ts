import { quoteIdent, quoteList } from '@/lib/sources/quote';
import { targetColumns, targetPath, targetWhere } from './target-sql';
import type { TableMapping } from './types';

/** Session tables that hold what a repair will put and take away. */
export const putTable = (index: number): string => `pg_temp.cutover_put_${index}`;
export const goneTable = (index: number): string => `pg_temp.cutover_gone_${index}`;

export const makeStageSql = (stage: string, mapping: TableMapping): string =>
  `create temporary table ${stage.replace('pg_temp.', '')} as select ${targetColumns(mapping)} from ${targetPath(mapping)} with no data`;

const keyNames = (mapping: TableMapping): string[] =>
  mapping.key.map((name) => mapping.columns.find(({ source }) => source === name)?.target ?? name);
const sameKey = (mapping: TableMapping, a: string, b: string): string =>
  keyNames(mapping)
    .map((name) => `${a}.${quoteIdent(name)} = ${b}.${quoteIdent(name)}`)
    .join(' and ');

export function updateSql(mapping: TableMapping, stage: string): string | null {
  const key = keyNames(mapping);
  const others = mapping.columns.map(({ target }) => target).filter((name) => !key.includes(name));
  if (!others.length) return null;
  return `update ${targetPath(mapping)} t set ${others.map((name) => `${quoteIdent(name)} = s.${quoteIdent(name)}`).join(', ')} from ${stage} s where ${sameKey(mapping, 't', 's')}`;
}

/** With a key: rows that are not there yet. Without: all of them. */
export function insertSql(mapping: TableMapping, stage: string, keyed: boolean): string {
  const absent = keyed
    ? ` where not exists (select 1 from ${targetPath(mapping)} t where ${sameKey(mapping, 't', 's')})`
    : '';
  return `insert into ${targetPath(mapping)} (${targetColumns(mapping)}) overriding system value select ${quoteList(mapping.columns.map(({ target }) => target))} from ${stage} s${absent}`;
}

/** Sets unique columns of staged rows to NULL, so that two rows can swap their values without a moment in which both hold one. */
export const releaseSql = (mapping: TableMapping, stage: string, columns: readonly string[]): string =>
  `update ${targetPath(mapping)} t set ${columns.map((name) => `${quoteIdent(name)} = null`).join(', ')} from ${stage} s where ${sameKey(mapping, 't', 's')}`;

export const deleteByKeySql = (mapping: TableMapping, stage: string): string =>
  `delete from ${targetPath(mapping)} t using ${stage} s where ${sameKey(mapping, 't', 's')}`;

/** Takes away one row that is alike byte by byte (so that -0 and 0 are two); to be run once a staged row. */
export function deleteOneSql(mapping: TableMapping, stage: string): string {
  const row = (alias: string) =>
    `row(${mapping.columns.map(({ target }) => `${alias}.${quoteIdent(target)}`).join(', ')})`;
  const where = targetWhere(mapping);
  return `with one as (delete from ${stage} where ctid = (select ctid from ${stage} limit 1) returning *)
    delete from ${targetPath(mapping)} where ctid = (select t.ctid from ${targetPath(mapping)} t, one${where ? `${where} and` : ' where'} record_image_eq(${row('t')}, ${row('one')}) limit 1)`;
}
