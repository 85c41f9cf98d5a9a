import { readOptions, exitCodes, type Command } from '@/lib/cli/command';
import { readJournal } from '@/lib/cli/local/journal';
import { hasPassed } from '@/lib/cli/local/local-walk';
import { moveHelp, moveOptions, openMove, readMove, readSchema, withInterrupt } from '@/lib/cli/local/open-move';
import { showClaims } from '@/lib/cli/local/prove-file';
import { showDiff } from '@/lib/cli/local/show-diff';
import { openScreen } from '@/lib/cli/local/show-progress';
import { stateFolder, withPassingFolder } from '@/lib/cli/local/state-folder';
import { diffOfProfile, namesProfile } from '@/lib/cli/profile-acts';
import { CutoverError } from '@/lib/errors';
import { runbookStep } from '@/lib/fleet/runbook-schema';

const usage = 'cutover diff FILE --to DSN --schema NAME [--rule FINDING=RULE]…  |  cutover diff SYSTEM/SOURCE_ID';
const own = runbookStep.parse({ id: 'diff-now', kind: 'row-diff', planned_seconds: 1, params: { from: 'live' } });

export const diff: Command = {
  summary: 'compare a SQLite file with its schema, every row and cell; or print a profile’s newest row diff',
  help: `Usage: ${usage}

${moveHelp}

Reads both sides as they are now and prints the cells that differ. The rules of the move are applied to
both sides; add --rule where the file was moved from elsewhere. Changes nothing.`,
  async run(argv, output) {
    const { values, positionals } = readOptions(argv, moveOptions, usage);
    if (namesProfile(positionals[0], values.to)) return diffOfProfile(positionals[0] ?? '', output);
    const move = await readMove(values, positionals, usage);
    if (!(await readSchema(move)).length)
      throw new CutoverError({
        code: 'schema_missing',
        message: `Schema ${move.schema} at ${move.place} holds no table, so there is nothing to compare.`,
        advice: 'Correct --schema or --to, or move the file first.',
      });
    const earlier = readJournal(stateFolder(move)).state;
    const asked = [...Object.entries(earlier.rules).map(([finding, rule]) => ({ finding, rule })), ...move.asked];
    return withPassingFolder(async (folder) => {
      const screen = openScreen(output);
      const { walk } = openMove({ ...move, asked }, folder, screen, [own]);
      return withInterrupt(walk, output, async () => {
        const verdict = await walk.check(own.id);
        screen.clear();
        const rowDiff = verdict.checkpoints.find(({ evidence }) => evidence.rowDiff)?.evidence.rowDiff;
        if (rowDiff) showDiff(output, rowDiff);
        showClaims(
          output,
          verdict.checkpoints.map(({ claim, verdict: word, evidence: { summary } }) => ({
            claim,
            verdict: word,
            summary,
          })),
        );
        output.result({ equal: hasPassed(verdict), rowDiff, checkpoints: verdict.checkpoints });
        return hasPassed(verdict) ? exitCodes.done : exitCodes.differs;
      });
    });
  },
};
