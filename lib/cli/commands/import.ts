import { importFiles, loadIdOf, type ImportFilesReport, readManifest, undoImportFiles } from '@/lib/dataplane';
import path from 'node:path';
import { exitCodes, readOptions, type Command, type Output } from '@/lib/cli/command';
import { chooseRules, openOf, stillOffered } from '@/lib/cli/local/chosen-rules';
import { keepRules, readRules } from '@/lib/cli/local/export-folder';
import {
  filesHelp,
  filesOptions,
  onScreen,
  readFilesTarget,
  withStop,
  type FilesTarget,
} from '@/lib/cli/local/files-target';
import { findingsResult, showFindings } from '@/lib/cli/local/show-findings';
import { openScreen } from '@/lib/cli/local/show-progress';
import { withPassingFolder } from '@/lib/cli/local/state-folder';
import { CutoverError, toFacts } from '@/lib/errors';
import type { SentFinding } from '@/db/queries/step-state/save-findings';
import { formatCount } from '@/lib/shared/format';

const usage = 'cutover import DIR --to DSN --schema NAME [--rule FINDING=RULE]… [--digest SHA256] [--yes] [--undo]';
type Seen = { findings: SentFinding[]; rules: Record<string, string> };

export const importCommand: Command = {
  summary: 'load an export into a PostgreSQL schema, every file proven first: DIR --to DSN --schema NAME',
  help: `Usage: ${usage}

${filesHelp}
  --yes                go on without being asked, as of run; nothing is asked here, so it may be left out
  --undo               take back what this import has put into the schema; refused while rows are there that it did not bring

Reads every file against the manifest, then every value against the target; nothing is written while a batch is
damaged or a finding is open. Each batch and its line in the target's ledger commit together, so the same command
goes on after a kill, and says "already loaded" when everything is there. Rules that were given are kept here for the
next import and validate of the same export into the same schema.`,
  async run(argv, output) {
    const { values, positionals } = readOptions(
      argv,
      { ...filesOptions, undo: { type: 'boolean' }, yes: { type: 'boolean' } },
      usage,
    );
    const files = await readFilesTarget(values, positionals, usage);
    if (values.undo) return undo(files, output);
    return withPassingFolder((folder) => load(files, folder, output));
  },
};

async function undo({ folder, binding, place, at }: FilesTarget, output: Output): Promise<number> {
  const done = await withStop(async (signal) => {
    const { export_id: exportId } = readManifest(folder, binding);
    return undoImportFiles(exportId, place, signal);
  });
  if (!done) {
    output.result({ state: 'interrupted' });
    return exitCodes.interrupted;
  }
  const rows = done.tables.reduce((sum, { deleted }) => sum + Number(deleted), 0);
  output.line(
    done.tables.length || done.schemaDropped
      ? `Taken back: ${formatCount(rows)} rows of ${done.tables.length} tables${done.schemaDropped ? `, and schema ${place.schema}, which the import had made` : ''} at ${at}.`
      : `${place.schema} at ${at} holds nothing of this export; nothing was done.`,
  );
  output.result({ state: 'undone', rows, ...done });
  return exitCodes.done;
}

async function load(files: FilesTarget, folder: string, output: Output): Promise<number> {
  const screen = openScreen(output);
  const seen: Seen = { findings: [], rules: {} };
  let done: ImportFilesReport | null;
  try {
    done = await withStop((signal) =>
      importFiles({
        ...files,
        to: path.join(folder, 'rows.sqlite'),
        signal,
        readProgress: onScreen(screen, 'read'),
        progress: onScreen(screen, 'import'),
        log: (level, text) => screen.log('import', level, text),
        asked: files.asked.map(({ finding, rule }) => ({ key: finding, rule })),
        choose: async (findings) => {
          seen.findings = findings.map((one) => ({ ...one, count: one.count.toString() }));
          const loadId = loadIdOf(readManifest(files.folder, files.binding).export_id, files.place);
          const kept = readRules(loadId, files.at);
          seen.rules = { ...stillOffered(seen.findings, kept), ...chooseRules(seen.findings, files.asked) };
          // Before a row is written by them: a killed import goes on by the same rules.
          if (!openOf(seen.findings, seen.rules).length) await keepRules(loadId, files.at, { ...seen.rules, ...kept });
          return Object.entries(seen.rules).map(([key, rule]) => ({ key, rule }));
        },
      }),
    );
  } catch (thrown) {
    screen.clear();
    if (
      !(thrown instanceof CutoverError) ||
      thrown.code !== 'finding_open' ||
      !openOf(seen.findings, seen.rules).length
    )
      throw thrown;
    showFindings(output, seen.findings, seen.rules, files.asked);
    output.line('');
    output.line('Nothing was written: each open finding needs a rule.');
    output.result({ state: 'findings', findings: findingsResult(seen.findings, seen.rules), error: toFacts(thrown) });
    return exitCodes.findings;
  }
  screen.clear();
  if (!done) {
    output.line('Ended. Committed batches stay, nothing is half-written; the same command goes on.');
    output.result({ state: 'interrupted' });
    return exitCodes.interrupted;
  }
  await keepRules(loadIdOf(done.manifest.export_id, files.place), files.at, {
    ...readRules(loadIdOf(done.manifest.export_id, files.place), files.at),
    ...seen.rules,
  });
  return tell(files, done, seen, output);
}

function tell({ place, at, asked }: FilesTarget, done: ImportFilesReport, seen: Seen, output: Output): number {
  const { check, report, manifest, alreadyLoaded } = done;
  for (const table of check.tables.filter(({ passed }) => !passed))
    output.line(`${table.table}: files ${table.sourceRows}, ledger ${table.ledgerRows}, target ${table.targetRows}`);
  for (const difference of check.catalog?.differences ?? []) output.line(`catalog: ${difference}`);
  showFindings(output, seen.findings, seen.rules, asked);
  for (const { kind, name, reason } of manifest.not_exported)
    output.line(`not in the files: ${kind} ${name}: ${reason}`);
  for (const { name, reason } of manifest.excluded) output.line(`left out on purpose: ${name}: ${reason}`);
  output.line(
    `${alreadyLoaded ? 'Already loaded' : 'Imported'}: ${formatCount(report.rows)} rows of ${report.tables.length} tables in ${place.schema} at ${at}${report.resumedBatches && !alreadyLoaded ? `; ${report.resumedBatches} batches were there and not repeated` : ''}.`,
  );
  output.line(
    check.passed ? 'cutover validate compares every cell.' : 'Counts, sequences or catalog are not as they must be.',
  );
  output.result({
    state: alreadyLoaded ? 'already-loaded' : 'imported',
    schema: place.schema,
    target: at,
    rows: report.rows,
    writtenRows: report.writtenRows,
    resumedBatches: report.resumedBatches,
    tables: report.tables,
    check: { ...check, passed: check.passed },
    findings: findingsResult(seen.findings, seen.rules),
  });
  return check.passed ? exitCodes.done : exitCodes.failed;
}
