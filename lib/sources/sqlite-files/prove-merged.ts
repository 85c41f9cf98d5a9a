import Database from 'better-sqlite3';
import { quoteIdent } from '@/lib/sources/quote';
import { sqliteError } from '@/lib/sources/sqlite-errors';
import { countUnlike, tableOf } from './copy-rows';
import { type FilePart, planNames, tablesIn, withPart } from './merge-files';

export type MergedTable = { part: string; table: string; name: string; rows: string; merged: string; unlike: string };

/** Compares every cell of the merged file with the copies it was made from, by another statement than the one that copied. */
export function proveMerged(merged: string, parts: readonly FilePart[]): MergedTable[] {
  const db = new Database(merged, { readonly: true, fileMustExist: true });
  try {
    db.pragma('trusted_schema = off');
    db.defaultSafeIntegers(true);
    const renamed = planNames(db, parts);
    const count = (from: string): string => String(db.prepare(`select count(1) from ${from}`).pluck().get());
    return parts.flatMap((part) =>
      withPart(db, part, () =>
        tablesIn(db)
          .filter((table) => isStored(db, table))
          .map((table) => {
            const name = renamed.get(part.name)?.get(table) ?? table;
            const unlike = String(countUnlike(db, tableOf(db, table), name));
            const rows = count(`part.${quoteIdent(table)}`);
            return { part: part.name, table, name, rows, merged: count(`main.${quoteIdent(name)}`), unlike };
          }),
      ),
    );
  } catch (thrown) {
    throw sqliteError(thrown, merged);
  } finally {
    db.close();
  }
}

/** A virtual table has no rows of its own; those of its shadow tables are compared. */
const isStored = (db: Database.Database, table: string): boolean =>
  db.prepare('select rootpage > 0 from part.sqlite_schema where name = ?').pluck().get(table) === 1n;
