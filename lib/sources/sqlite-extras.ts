import { moduleOf } from './create-table';
import { quoteIdent } from './quote';
import type { SourceExtra } from './source';
import type { SqliteFile } from './sqlite-file';
import type { ListedTable, SchemaRow } from './sqlite-schema';

/** Views, triggers, virtual tables and their shadow tables, with what is broken about them. */
export function readExtras(
  { db }: SqliteFile,
  listed: readonly ListedTable[],
  objects: readonly SchemaRow[],
): SourceExtra[] {
  const sqlOf = new Map(objects.filter(({ type }) => type !== 'index').map(({ name, sql }) => [name, sql]));
  const extras: SourceExtra[] = listed
    .filter(({ type }) => type === 'view' || type === 'virtual')
    .map(({ name, type }) => {
      const sql = sqlOf.get(name) ?? null;
      return {
        name,
        type: type as SourceExtra['type'],
        sql,
        module: type === 'virtual' ? moduleOf(sql) : null,
        broken: brokenBy(db, name),
      };
    });
  const virtual = extras.filter(({ type }) => type === 'virtual');
  for (const { name, type } of listed) {
    const owner = virtual.find((one) => name.startsWith(`${one.name}_`) && isShadow(one, name, type));
    if (type === 'shadow' || owner)
      extras.push({ name, type: 'shadow', sql: sqlOf.get(name) ?? null, of: owner?.name ?? null });
  }
  for (const { type, name, tbl_name: of, sql } of objects) if (type === 'trigger') extras.push({ name, type, sql, of });
  return extras;
}

/** Tails of shadow tables by module; SQLite tells them itself only while the module is loaded. */
const tails: Record<string, RegExp> = {
  fts: /^_(content|segments|segdir|docsize|stat|data|idx|config)$/,
  rtree: /^_(node|rowid|parent)$/,
  geopoly: /^_(node|rowid|parent)$/,
  spellfix: /^_vocab$/,
  vec: /^_(chunks|rowids|info|auxiliary|vector_chunks\d+|metadatachunks\d+|metadatatext\d+)$/,
};

function isShadow(virtual: SourceExtra, name: string, type: string): boolean {
  if (type === 'shadow') return true;
  const module = (virtual.module ?? '').toLowerCase();
  const known = Object.keys(tails).find((prefix) => module.startsWith(prefix));
  // Of a module that is neither loaded nor known, every table that carries its name is taken to be its own.
  return known ? (tails[known]?.test(name.slice(virtual.name.length)) ?? false) : virtual.broken != null;
}

export const shadowsOf = (extras: readonly SourceExtra[]): Set<string> =>
  new Set(extras.filter(({ type }) => type === 'shadow').map(({ name }) => name));

function brokenBy(db: SqliteFile['db'], name: string): string | null {
  try {
    db.prepare(`select * from ${quoteIdent(name)} limit 0`).all();
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

/** What quick_check and integrity_check say of the tables themselves: a full-text index out of step is never moved, and can be rebuilt. */
export const tableDamage = (said: readonly string[]): string[] =>
  said.filter((line) => line !== 'ok' && !/^malformed inverted index for FTS\d? table /.test(line));

/** Rows of a virtual table as its module counts them; null when it cannot. */
export function countVirtual({ db }: SqliteFile, name: string): bigint | null {
  try {
    return db
      .prepare(`select count(*) from ${quoteIdent(name)}`)
      .pluck()
      .get() as bigint;
  } catch {
    return null; // The module is not loaded, or refuses a full scan: the count is unknown, and said to be.
  }
}
