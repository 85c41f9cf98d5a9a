import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { canonicalJson } from '@/lib/shared/json';
import { syncFolder } from '@/lib/sources/sqlite-snapshot';
import { loadProgress } from '@/lib/dataplane/progress';
import { writeError } from './batch-file';
import { ProgressFile, readKnown } from './export-progress';
import type { ExportInput } from './files-types';
import { prepareFolder } from './list-files';
import {
  chainAfter,
  chainStart,
  type FileBatch,
  type FileTable,
  type Manifest,
  manifestName,
  sealManifest,
  sha256,
} from './manifest';
import { withSources } from './open-sources';
import { planExport, type PlannedTable } from './plan-export';
import { findDamage } from './verify-files';
import { exportReader, isWhole, nameOfBatch, writeBatch } from './write-batches';

export type ExportReport = { manifest: Manifest; keptBatches: number; writtenBatches: number; rows: number };
type Walk = ExportInput & {
  batchRows: number;
  chain: string;
  known: ReadonlyMap<string, FileBatch>;
  written: FileBatch[];
};

/** Writes manifest and batch files. Safe to repeat and to kill: whole batches of the same state of the source are kept.
 *  @throws CutoverError export_incomplete | export_source_differs | disk_full | source_* */
export async function exportFiles(input: ExportInput): Promise<ExportReport> {
  const batchRows = Math.min(100_000, Math.max(1, Math.trunc(input.batchRows ?? 10_000)));
  return withSources(input.sources, async (opened, sources) => {
    const { tables, notExported } = planExport(opened, sources, input);
    const id = exportId(input, sources, batchRows);
    await prepareFolder(input.output);
    const known = readKnown(input.output, id, input.key);
    const head = { export_id: id, generated_at: known?.generated_at ?? new Date().toISOString() };
    const progressFile = new ProgressFile(input.output, input.key);
    if (!known) progressFile.begin(head);
    const walk: Walk = { ...input, batchRows, chain: chainStart(id), known: known?.batches ?? new Map(), written: [] };
    const entries = await writeTables(walk, tables, (batch) => (known?.complete ? undefined : progressFile.add(batch)));
    const manifest = sealManifest(
      {
        form: 'cutover-files',
        version: 1,
        ...head,
        batch_rows: batchRows,
        sources,
        tables: entries,
        not_exported: notExported,
        excluded: Object.entries(input.excluded ?? {}).map(([name, reason]) => ({ name, reason })),
        chain: walk.chain,
      },
      input.key,
    );
    await input.failpoint?.('export:before-manifest');
    await writeManifest(input.output, manifest);
    await input.failpoint?.('export:after-manifest');
    progressFile.end();
    await refuseDamage(input.output, manifest);
    const rows = entries.reduce((sum, { row_count }) => sum + row_count, 0);
    const all = entries.reduce((sum, { batches }) => sum + batches.length, 0);
    return { manifest, rows, writtenBatches: walk.written.length, keptBatches: all - walk.written.length };
  });
}

/** The same sources and choices have the same id, so that a repeated export and a repeated import recognise their own. */
function exportId(
  { scope, leaveOut = {}, excluded = {} }: ExportInput,
  sources: Manifest['sources'],
  batchRows: number,
): string {
  const digest = sha256(canonicalJson({ form: 1, sources, scope, leaveOut, excluded, batchRows }));
  return digest.slice(0, 32);
}

async function writeTables(
  walk: Walk,
  tables: readonly PlannedTable[],
  onBatch: (batch: FileBatch) => void,
): Promise<FileTable[]> {
  const readers = tables.map((one) => ({ one, reader: exportReader(one) }));
  const progress = loadProgress(
    readers.map(({ one, reader }) => ({ name: one.entry.name, total: Number(reader.count()) })),
    walk.progress,
  );
  const entries: FileTable[] = [];
  for (const { one, reader } of readers) {
    progress.begin(one.entry.name);
    const batches: FileBatch[] = [];
    for (;;) {
      const place = {
        output: walk.output,
        file: nameOfBatch(one, batches.length + 1),
        previous: walk.chain,
        after: batches.at(-1)?.last ?? null,
      };
      const earlier = walk.known.get(place.file);
      const kept = isWhole(walk.output, earlier, walk.chain) ? earlier : null;
      if (!kept) await walk.failpoint?.('export:before-batch');
      const batch =
        kept ??
        (await writeBatch(one, reader, place, { ...walk, onRows: (rows) => progress.add(one.entry.name, rows) }));
      if (!batch) break;
      if (kept) progress.keep(one.entry.name, kept.rows);
      else {
        walk.written.push(batch);
        await walk.failpoint?.('export:after-batch');
        onBatch(batch);
        walk.log?.('info', `${batch.file}: ${batch.rows} rows, ${batch.bytes} bytes`);
        await walk.failpoint?.('export:after-progress');
      }
      batches.push(batch);
      walk.chain = chainAfter(batch);
    }
    progress.end(one.entry.name);
    const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
    requireAll(one, rows, reader.count());
    entries.push({ ...one.entry, row_count: rows, batches });
  }
  return entries;
}

/** Counting and reading are two ways through SQLite; a damaged index makes them disagree. */
function requireAll({ entry, open }: PlannedTable, rows: number, counted: bigint): void {
  if (BigInt(rows) !== counted)
    throw new CutoverError({
      code: 'source_damaged',
      message: `${entry.original} of ${open.source.name} gave ${rows} rows where ${counted} were counted.`,
      advice: 'Check the source with integrity_check; recover it on a copy.',
      facts: { table: entry.original },
    });
}

async function writeManifest(output: string, manifest: Manifest): Promise<void> {
  const file = path.join(output, manifestName);
  const partial = `${file}.partial`;
  try {
    const fd = openSync(partial, 'w', 0o600);
    try {
      const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
      for (let at = 0; at < text.length; ) at += writeSync(fd, text, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(partial, file);
    await syncFolder(output);
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw writeError(thrown, file);
  }
}

async function refuseDamage(output: string, manifest: Manifest): Promise<void> {
  const [first] = await findDamage(output, manifest);
  if (first)
    throw new CutoverError({
      code: 'export_damaged',
      message: `The export was written, but ${first.problem}`,
      advice: 'Remove what does not belong there, or give the same command again.',
      facts: { file: first.file },
    });
}
