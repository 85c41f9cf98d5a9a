import { CutoverError } from '@/lib/errors';
import { exitCodes, readOptions, type Command } from '@/lib/cli/command';
import { openOf } from '@/lib/cli/local/chosen-rules';
import { readJournal } from '@/lib/cli/local/journal';
import { localSteps } from '@/lib/cli/local/local-entry';
import {
  hasBegun,
  type Move,
  moveHelp,
  moveOptions,
  openMove,
  readMove,
  refuseFullSchema,
  withInterrupt,
} from '@/lib/cli/local/open-move';
import { claimsOf, proveFile, showClaims } from '@/lib/cli/local/prove-file';
import { findingsResult, showFindings } from '@/lib/cli/local/show-findings';
import { openScreen } from '@/lib/cli/local/show-progress';
import { stateFolder, withPassingFolder } from '@/lib/cli/local/state-folder';

const usage = 'cutover check FILE --to DSN --schema NAME [--rule FINDING=RULE]…';

/** The preflight of a file, with every finding and its rules. Changes nothing and keeps nothing. */
export const check: Command = {
  summary: 'say whether a SQLite file would move, and list every value that needs a decision',
  help: `Usage: ${usage}

${moveHelp}

Reads every value of the file, proves the target by doing, changes nothing. Each finding comes with its
count, samples and the rules on offer. With --rule it says whether the answers are enough.`,
  async run(argv, output) {
    const { values, positionals } = readOptions(argv, moveOptions, usage);
    const move = await readMove(values, positionals, usage);
    await refuseLikeRun(move);
    return withPassingFolder(async (folder) => {
      const screen = openScreen(output);
      const { walk, preflight } = openMove(move, folder, screen);
      return withInterrupt(walk, output, async () => {
        const proof = await proveFile(walk, preflight, move, screen);
        const { findings, rules } = walk.state;
        const claims = claimsOf(walk, preflight.id);
        showClaims(output, claims);
        showFindings(output, findings, rules, move.asked);
        output.line('');
        output.line(
          proof === 'passed'
            ? 'It would move.'
            : proof === 'findings'
              ? openOf(findings, rules).some((one) => !one.rules.length)
                ? 'It would not move: a finding has no rule on offer. Change the data or the target first.'
                : 'It would move once every open finding has a rule.'
              : 'It would not move: mend what does not hold.',
        );
        output.result({ state: proof, claims, findings: findingsResult(findings, rules) });
        return { passed: exitCodes.done, findings: exitCodes.findings, failed: exitCodes.refused }[proof];
      });
    });
  },
};

/** What run refuses at once is not read for minutes first. A target that cannot be reached is a claim of the preflight. */
async function refuseLikeRun(move: Move): Promise<void> {
  const { state } = readJournal(stateFolder(move));
  if (state.opened && hasBegun(state, localSteps(state.opened.runbook))) return;
  try {
    await refuseFullSchema(move);
  } catch (thrown) {
    if (thrown instanceof CutoverError && thrown.code === 'target_not_empty') throw thrown;
  }
}
