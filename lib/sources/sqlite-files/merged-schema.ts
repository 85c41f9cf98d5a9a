import type { StagedFinding } from '@/lib/sources/json-store/store';
import type { SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';

/** The one table of ours in a merged file; it is no part of its schema. */
export const mergedNotes = 'cutover_files_notes';

/** What a file made of several says of itself: its own table is hidden. Null, and nothing changed, for any other file. */
export function readMerged({ db }: SqliteFile, tables: SourceTable[]): { findings: StagedFinding[] } | null {
  const own = tables.findIndex(({ name }) => name === mergedNotes);
  if (own < 0) return null;
  tables.splice(own, 1);
  const notes = db.prepare(`select code, tbl as "table", message from ${mergedNotes} order by rowid`).all() as {
    code: 'name_changed' | 'file_stays';
    table: string;
    message: string;
  }[];
  return { findings: notes.map((note) => ({ ...note, column: null, count: '1', sample: [] })) };
}
