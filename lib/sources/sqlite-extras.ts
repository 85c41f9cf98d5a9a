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

const foreign = /no such collation sequence|no such module|unknown tokenizer|no query solution/;
const isForeign = (thrown: unknown): boolean => foreign.test((thrown as Error).message);

/** quick_check or integrity_check of the whole file. Where the application's own collation or tokenizer is missing here SQLite gives up
 *  as a whole; then each table is checked alone. @returns damage, and tables that cannot be checked, each with its reason */
export function checkFile(
  { db }: SqliteFile,
  check: 'quick_check' | 'integrity_check',
  most: number,
): { damage: string[]; unchecked: string[] } {
  const ask = (what: string | number) => db.prepare(`pragma ${check}(${what})`).pluck().all() as string[];
  try {
    return { damage: tableDamage(ask(most)), unchecked: [] };
  } catch (thrown) {
    if (!isForeign(thrown)) throw thrown;
  }
  const names = db
    .prepare("select name from pragma_table_list where schema = 'main' and type in ('table', 'shadow') order by name")
    .pluck()
    .all() as string[];
  const found = { damage: [] as string[], unchecked: [] as string[] };
  for (const name of names) {
    try {
      found.damage.push(...tableDamage(ask(quoteIdent(name))));
    } catch (thrown) {
      if (!isForeign(thrown)) throw thrown;
      found.unchecked.push(`${name} (${(thrown as Error).message})`);
    }
  }
  return found;
}

/** One reference to columns that no key covers, or to a view, makes SQLite refuse to check the whole file. */
const isMismatch = (thrown: unknown): boolean => /^foreign key mismatch/.test((thrown as Error).message);

/** Rows by table whose reference leads nowhere, as SQLite itself finds them. */
export function foreignKeyViolations({ db }: SqliteFile): { name: string; n: bigint }[] {
  const ask = (from: string, ...values: string[]) =>
    db.prepare(`select "table" as name, count(*) as n from ${from} group by 1 order by 1`).all(...values) as {
      name: string;
      n: bigint;
    }[];
  try {
    return ask('pragma_foreign_key_check');
  } catch (thrown) {
    if (!isForeign(thrown) && !isMismatch(thrown)) throw thrown;
  }
  const names = db.prepare("select name from pragma_table_list where schema = 'main' and type = 'table' order by 1");
  return (names.pluck().all() as string[]).flatMap((name) => {
    try {
      return ask('pragma_foreign_key_check(?)', name);
    } catch (thrown) {
      if (!isForeign(thrown) && !isMismatch(thrown)) throw thrown;
      return []; // What the target can carry of its keys counts them once more at the load.
    }
  });
}

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
