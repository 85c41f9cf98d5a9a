import type Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';

const word = String.raw`"(?:[^"]|"")*"|\[[^\]]*\]|\x60[^\x60]*\x60|[^\s("]+`;
/** SQLite keeps the statement as it was written, without IF NOT EXISTS. */
const createIndexSql = new RegExp(String.raw`^(create\s+(?:unique\s+)?index\s+)(${word})(\s+on\s+)(${word})`, 'i');

/** Makes an index of a part in the merged file; its name gets that of its file in front where another file has it too.
 *  @throws CutoverError source_files_differ for one that only its application can read */
export function createIndex(
  db: Database.Database,
  index: { name: string; sql: string },
  renamedTable: string | null,
  part: string,
): void {
  const taken = db.prepare('select 1 from main.sqlite_schema where name = ? collate nocase').get(index.name);
  const name = taken ? `${part}_${index.name}` : index.name;
  const sql = index.sql.replace(
    createIndexSql,
    (_, head: string, own: string, on: string, table: string) =>
      `${head}${taken ? quoteIdent(name) : own}${on}${renamedTable === null ? table : quoteIdent(renamedTable)}`,
  );
  try {
    db.exec(sql);
  } catch (thrown) {
    throw new CutoverError(
      {
        code: 'source_files_differ',
        message: `Index ${index.name} of ${part} cannot be read here: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
        advice: 'It needs something that only its application has; move this file as a profile of its own.',
      },
      { cause: thrown },
    );
  }
}
