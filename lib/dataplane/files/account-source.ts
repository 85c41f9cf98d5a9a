import { CutoverError } from '@/lib/errors';
import { mergedNotes } from '@/lib/sources/sqlite-files/merged-schema';
import type { FileTable, Manifest } from './manifest';
import type { OpenSource } from './plan-export';

type Entry = Omit<FileTable, 'row_count' | 'batches'>;

/** Asks SQLite itself for every object and column, and refuses where one is neither exported nor listed. @throws CutoverError export_incomplete */
export function requireAccounted(
  { source, file: { db } }: OpenSource,
  entries: readonly Entry[],
  listed: Manifest['not_exported'],
): void {
  const own = listed.filter((one) => one.source === source.name);
  const names = new Set(own.map(({ name }) => name));
  const byOriginal = new Map(entries.map((entry) => [entry.original, entry]));
  const missing: string[] = [];
  const objects = db.prepare('select type, name, tbl_name, sql from sqlite_schema').all() as {
    type: string;
    name: string;
    tbl_name: string;
    sql: string | null;
  }[];
  for (const { type, name, tbl_name: of, sql } of objects) {
    // What a file made of several says of itself is ours, and told as findings.
    if (name === mergedNotes || names.has(name) || (type === 'table' && byOriginal.has(name))) continue;
    // An index goes with its table, and one without a statement is part of the table's own.
    if (
      type === 'index' &&
      (names.has(of) || (byOriginal.has(of) && (sql === null || byOriginal.get(of)?.indexes.includes(sql))))
    )
      continue;
    missing.push(`${type} ${name}`);
  }
  for (const entry of entries)
    for (const column of db.prepare('select name from pragma_table_xinfo(?)').pluck().all(entry.original) as string[])
      if (!entry.columns.some(({ name }) => name === column) && !names.has(`${entry.original}.${column}`))
        missing.push(`column ${entry.original}.${column}`);
  if (missing.length)
    throw new CutoverError({
      code: 'export_incomplete',
      message: `${source.name} holds what the export would leave behind without a word: ${missing.slice(0, 10).join(', ')}.`,
      advice: 'Nothing was written. Leave each out on purpose, with a reason.',
      facts: { missing },
    });
}
