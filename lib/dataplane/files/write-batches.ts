import path from 'node:path';
import type { Cell } from '@/lib/sources/source';
import { RowReader } from '@/lib/sources/sqlite-rows';
import { batchOrder } from '@/lib/sources/sqlite-sql';
import { breathe } from '@/lib/dataplane/source-readers';
import { batchName, BatchWriter, readDigest } from './batch-file';
import type { ExportInput } from './files-types';
import type { FileBatch } from './manifest';
import type { PlannedTable } from './plan-export';
import { lineToRow, rowToLine } from './row-form';

/** A batch ends with the row that reaches it, so that a damaged one costs little to write again. */
const batchBytes = 16 * 1024 * 1024;

export const exportReader = ({ table, open, entry }: PlannedTable): RowReader =>
  new RowReader(open.file, {
    table,
    columns: entry.columns.map(({ name }) => name),
    scope: entry.scope,
    order: batchOrder(table),
  });

export type BatchPlace = { output: string; file: string; previous: string; after: string | null };
type Limits = Pick<ExportInput, 'signal' | 'failpoint'> & { batchRows: number; onRows?: (rows: number) => void };

/** Writes the rows behind a key as one file. @returns null where there is none */
export async function writeBatch(
  one: PlannedTable,
  reader: RowReader,
  { output, file, previous, after }: BatchPlace,
  { batchRows, signal, failpoint, onRows }: Limits,
): Promise<FileBatch | null> {
  const width = one.entry.columns.length;
  let last: Cell[] | null = after === null ? null : lineToRow(after);
  let writer: BatchWriter | null = null;
  let rows = 0;
  try {
    while (rows < batchRows && (writer?.size ?? 0) < batchBytes) {
      const page = reader.read(last, batchRows - rows);
      if (!page) break;
      writer ??= await BatchWriter.open(path.join(output, file));
      const before = rows;
      for (const row of page.rows) {
        writer.line(rowToLine(row.slice(0, width)));
        rows += 1;
        last = row.slice(width);
        if (writer.size >= batchBytes) break;
      }
      onRows?.(rows - before);
      await breathe();
      signal.throwIfAborted();
    }
    if (!writer || !last) return null;
    const written = await writer.finish(() => failpoint?.('export:before-rename'));
    return { file, rows, ...written, previous, last: rowToLine(last) };
  } catch (thrown) {
    writer?.giveUp();
    throw thrown;
  }
}

/** Whether a batch that an earlier run has finished stands there unchanged. */
export function isWhole(output: string, known: FileBatch | undefined, previous: string): known is FileBatch {
  if (known?.previous !== previous) return false;
  const found = readDigest(path.join(output, known.file));
  return found?.bytes === known.bytes && found.sha256 === known.sha256;
}

export const nameOfBatch = ({ entry }: PlannedTable, no: number): string => batchName(entry.folder, no);
