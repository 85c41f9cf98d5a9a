import type Database from 'better-sqlite3';
import { quoteIdent } from '@/lib/sources/quote';
import type { FileTable, Manifest } from './manifest';

type Made = Pick<FileTable, 'name' | 'source' | 'original' | 'create' | 'indexes'>;
export type SchemaFailure = { table: string; statement: string; kind: 'table' | 'index'; why: string };

/** Makes the tables as their sources have them. Sources with a prefix come first, so that two tables of one name never meet.
 *  @returns what this SQLite refuses, e.g. for want of a collation */
export function buildTables(
  db: Database.Database,
  tables: readonly Made[],
  sources: Pick<Manifest, 'sources'>['sources'],
): SchemaFailure[] {
  const failures: SchemaFailure[] = [];
  const attempt = (table: string, kind: SchemaFailure['kind'], statement: string): void => {
    try {
      db.exec(statement);
    } catch (thrown) {
      failures.push({ table, kind, statement, why: (thrown as Error).message });
    }
  };
  for (const source of [...sources].sort((a, b) => Number(b.prefix !== '') - Number(a.prefix !== ''))) {
    const own = tables.filter((one) => one.source === source.name);
    for (const one of own) attempt(one.name, 'table', one.create);
    for (const one of own) for (const sql of one.indexes) attempt(one.name, 'index', sql);
    for (const { name, original } of own)
      if (name !== original && !failures.some(({ kind, table }) => kind === 'table' && table === name))
        db.exec(`alter table ${quoteIdent(original)} rename to ${quoteIdent(name)}`);
  }
  return failures;
}
