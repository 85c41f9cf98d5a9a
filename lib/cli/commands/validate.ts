import path from 'node:path';
import { isEqual, loadIdOf, mismatchAdvice, validateFiles, verifyFiles } from '@/lib/dataplane';
import { exitCodes, readOptions, type Command } from '@/lib/cli/command';
import { readRules } from '@/lib/cli/local/export-folder';
import { filesHelp, filesOptions, onScreen, readFilesTarget, withStop } from '@/lib/cli/local/files-target';
import { showDiff } from '@/lib/cli/local/show-diff';
import { openScreen } from '@/lib/cli/local/show-progress';
import { withPassingFolder } from '@/lib/cli/local/state-folder';

const usage = 'cutover validate DIR --to DSN --schema NAME [--rule FINDING=RULE]… [--digest SHA256]';

export const validate: Command = {
  summary: 'compare an export with its schema, every row and cell: DIR --to DSN --schema NAME',
  help: `Usage: ${usage}

${filesHelp}

Proves every file against the manifest, then compares each of its rows and cells with the target, and prints the
cells that differ. Rules of the import are applied to both sides; name them with --rule where it was made on another
host. Changes nothing.`,
  async run(argv, output) {
    const { values, positionals } = readOptions(argv, filesOptions, usage);
    const files = await readFilesTarget(values, positionals, usage);
    const screen = openScreen(output);
    const done = await withStop(async (signal) => {
      const { export_id: exportId } = await verifyFiles(files.folder, files.binding, signal);
      const kept = readRules(loadIdOf(exportId, files.place), files.at);
      const asked = Object.fromEntries(files.asked.map(({ finding, rule }) => [finding, rule]));
      const rules = Object.entries({ ...kept, ...asked }).map(([key, rule]) => ({ key, rule }));
      return withPassingFolder((folder) =>
        validateFiles({
          ...files,
          rules,
          to: path.join(folder, 'rows.sqlite'),
          signal,
          readProgress: onScreen(screen, 'read'),
          progress: onScreen(screen, 'validate'),
        }),
      );
    });
    screen.clear();
    if (!done) {
      output.result({ state: 'interrupted' });
      return exitCodes.interrupted;
    }
    const { diff, manifest } = done;
    const equal = isEqual(diff);
    showDiff(output, diff);
    for (const { kind, name, reason } of manifest.not_exported)
      output.line(`not in the files: ${kind} ${name}: ${reason}`);
    for (const { name, reason } of manifest.excluded) output.line(`left out on purpose: ${name}: ${reason}`);
    output.line(equal ? 'Equal: every row and cell.' : `Validation failed. ${mismatchAdvice}`);
    output.result({ equal, rowDiff: diff, ...(equal ? {} : { advice: mismatchAdvice }) });
    return equal ? exitCodes.done : exitCodes.differs;
  },
};
