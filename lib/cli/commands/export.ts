import { existsSync } from 'node:fs';
import path from 'node:path';
import { exportFiles, type Manifest, redoBatch } from '@/lib/dataplane';
import { sourceScope } from '@/lib/sources/scope';
import { exitCodes, readOptions, type Command, type Output } from '@/lib/cli/command';
import {
  type AskedSource,
  beginExport,
  type BegunExport,
  exportKey,
  exportPath,
  namedSources,
  readBegun,
  withExportLock,
} from '@/lib/cli/local/export-folder';
import { onScreen, withStop } from '@/lib/cli/local/files-target';
import { standsIn } from '@/lib/cli/local/open-move';
import { pruneCopies } from '@/lib/cli/local/prune-copies';
import { openScreen } from '@/lib/cli/local/show-progress';
import { isJsonStore, readSourcePath } from '@/lib/cli/local/source-path';
import { CutoverError } from '@/lib/errors';
import { formatCount } from '@/lib/shared/format';

const usage =
  'cutover export FILE… --output DIR [--leave-out TABLE=REASON]… [--exclude STORE=REASON]…  |  cutover export --batch TABLE/BATCH --output DIR';
const whole = sourceScope('files', {});
const invalid = (message: string, advice = `Usage: ${usage}`) =>
  new CutoverError({ code: 'input_invalid', message, advice });

export const exportCommand: Command = {
  summary: 'write the rows of SQLite files as checksummed batches with a sealed manifest: FILE… --output DIR',
  help: `Usage: ${usage}

  FILE                 a SQLite database, only read; NAME=FILE names it in the manifest, NAME:PREFIX=FILE also puts
                       PREFIX before its table names
  --output DIR         the folder of the export; made, or one that this command has begun
  --leave-out T=WHY    a table (or SOURCE:TABLE) that stays behind, with its reason; as often as needed
  --exclude STORE=WHY  a store of the system that is no part of it on purpose; as often as needed
  --batch-rows N       rows a batch, 1 to 100000 (default 10000)
  --batch FILE         writes one damaged batch again, from the very state that was exported

Every table, column and object is exported, or listed with the reason why not. A killed export goes on with the
same command. Copies of the sources stay in the data folder, so that a damaged batch can be written again.`,
  async run(argv, output) {
    const { values, positionals } = readOptions(
      argv,
      {
        output: { type: 'string' },
        'leave-out': { type: 'string', multiple: true },
        exclude: { type: 'string', multiple: true },
        'batch-rows': { type: 'string' },
        batch: { type: 'string' },
      },
      usage,
    );
    if (!values.output) throw invalid('--output is missing.');
    const folder = exportPath(values.output, standsIn());
    return withExportLock(folder, async () => {
      if (values.batch !== undefined) return redo(folder, values.batch, output);
      const batchRows = Number(values['batch-rows'] ?? 10_000);
      if (!Number.isInteger(batchRows) || batchRows < 1 || batchRows > 100_000)
        throw invalid('--batch-rows is a whole number from 1 to 100000.');
      const asked = {
        output: folder,
        sources: positionals.map(readSource),
        leaveOut: readReasons(values['leave-out']),
        excluded: readReasons(values.exclude),
        batchRows,
      };
      if (!asked.sources.length) throw invalid('FILE is missing.');
      pruneCopies(output);
      return write(asked, output);
    });
  },
};

type AskedExport = Parameters<typeof beginExport>[0];

function readSource(text: string): AskedSource {
  const named = /^([^=/\\:]+)(?::([^=/\\]*))?=(.+)$/.exec(text);
  const file = readSourcePath(named?.[3] ?? text, standsIn());
  if (isJsonStore(file))
    throw invalid(`${text} is no SQLite database.`, 'JSON files are batches already: use cutover run.');
  return { name: named?.[1] ?? path.basename(file), prefix: named?.[2] ?? '', file };
}

function readReasons(given: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1 || !text.slice(at + 1).trim()) throw invalid(`'${text}' is not of the form NAME=REASON.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

async function write(asked: AskedExport, output: Output): Promise<number> {
  const screen = openScreen(output);
  const ended = await withStop(async (signal) => {
    const earlier = readBegun(asked.output);
    const begun = earlier && goesOn(earlier, asked) ? earlier : await beginExport(asked, signal, screen);
    const report = await exportFiles({
      sources: namedSources(begun),
      scope: whole,
      output: asked.output,
      key: exportKey(),
      leaveOut: begun.leaveOut,
      excluded: begun.excluded,
      batchRows: begun.batchRows,
      signal,
      progress: onScreen(screen, 'export'),
    });
    return { report, begun };
  });
  screen.clear();
  if (!ended) {
    output.line('Ended. Whole batches stay; the same command goes on behind the last one.');
    output.result({ state: 'interrupted', folder: asked.output });
    return exitCodes.interrupted;
  }
  const { manifest, keptBatches, writtenBatches, rows } = ended.report;
  showManifest(manifest, output);
  output.line(
    writtenBatches || !keptBatches
      ? `Exported: ${formatCount(rows)} rows in ${writtenBatches} new batches${keptBatches ? `, ${keptBatches} were there` : ''}.`
      : `The export of ${ended.begun.begunAt} is there and whole; nothing was written. For the rows of now choose another folder.`,
  );
  output.line(`Digest of the manifest: ${manifest.seal.digest}`);
  output.result({
    state: 'exported',
    folder: asked.output,
    digest: manifest.seal.digest,
    rows,
    keptBatches,
    writtenBatches,
    tables: manifest.tables.map(({ name, source, row_count, batches }) => ({
      name,
      source,
      rows: row_count,
      batches: batches.length,
    })),
    notExported: manifest.not_exported,
    excluded: manifest.excluded,
  });
  return exitCodes.done;
}

/** The folder holds (part of) this very export, and the copies it reads are there. */
function goesOn(earlier: BegunExport, asked: AskedExport): boolean {
  const same = (key: (one: AskedSource) => string) =>
    earlier.copies.map(key).join('\0') === asked.sources.map(key).join('\0');
  return (
    existsSync(asked.output) &&
    earlier.copies.every(({ copy }) => existsSync(copy)) &&
    same(({ name, prefix, file }) => `${name}:${prefix}=${file}`) &&
    JSON.stringify([earlier.leaveOut, earlier.excluded, earlier.batchRows]) ===
      JSON.stringify([asked.leaveOut, asked.excluded, asked.batchRows])
  );
}

function showManifest({ tables, not_exported: behind, excluded }: Manifest, output: Output): void {
  const width = Math.max(...tables.map(({ name }) => name.length), 5);
  for (const { name, row_count, batches, columns } of tables)
    output.line(
      `${name.padEnd(width)}  ${formatCount(row_count).padStart(12)} rows  ${String(columns.length).padStart(3)} columns  ${String(batches.length).padStart(4)} batches`,
    );
  for (const { source, kind, name, reason } of behind)
    output.line(`not exported by itself: ${kind} ${name} of ${source}: ${reason}`);
  for (const { name, reason } of excluded) output.line(`left out on purpose: ${name}: ${reason}`);
}

async function redo(folder: string, file: string, output: Output): Promise<number> {
  const begun = readBegun(folder);
  if (!begun)
    throw invalid(
      `${path.basename(folder)} was not exported from here, so there is no copy of its sources to write ${file} from.`,
      'Do it where the export was made, or make a new export in an empty folder.',
    );
  const done = await withStop((signal) =>
    redoBatch({ sources: namedSources(begun), scope: whole, output: folder, key: exportKey(), signal, file }),
  );
  if (!done) {
    output.result({ state: 'interrupted', folder });
    return exitCodes.interrupted;
  }
  output.line(`${file} is as it was exported.`);
  for (const { problem } of done.damages) output.line(`still damaged: ${problem}`);
  output.result({ state: done.damages.length ? 'damaged' : 'whole', folder, batch: file, damages: done.damages });
  return done.damages.length ? exitCodes.failed : exitCodes.done;
}
