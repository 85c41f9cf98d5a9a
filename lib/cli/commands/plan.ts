import { exitCodes, readOptions, type Command } from '@/lib/cli/command';
import { moveHelp, moveOptions, openMove, readMove, refuseFullSchema, withInterrupt } from '@/lib/cli/local/open-move';
import { claimsOf, proveFile, showClaims } from '@/lib/cli/local/prove-file';
import { findingsResult, showFindings } from '@/lib/cli/local/show-findings';
import { type PlannedStep, showPlan } from '@/lib/cli/local/show-plan';
import type { LocalWalk } from '@/lib/cli/local/local-walk';
import type { RunbookStep } from '@/lib/fleet/runbook-schema';
import { openScreen } from '@/lib/cli/local/show-progress';
import { withPassingFolder } from '@/lib/cli/local/state-folder';
import { planSteps } from '@/lib/cli/local/walk-move';
import { planOfSurfaces } from '@/lib/cli/plan-surfaces';
import { namesProfile, planOfProfile } from '@/lib/cli/profile-acts';
import { CutoverError } from '@/lib/errors';

const usage =
  'cutover plan FILE --to DSN --schema NAME [--rule FINDING=RULE]…  |  cutover plan SYSTEM/SOURCE_ID [STEP | --surfaces A,B]';

export const plan: Command = {
  summary: 'print what a move would do, with the exact SQL; or the newest plan of a profile’s step',
  help: `Usage: ${usage}

${moveHelp}

Prints every file that is read or written and every SQL statement, in order, and changes nothing.
With SYSTEM/SOURCE_ID it prints the plan that the console's worker made for the step; with --surfaces A,B
which steps a cutover of these surfaces walks, and which it leaves out.`,
  async run(argv, output) {
    const { values, positionals } = readOptions(argv, { ...moveOptions, surfaces: { type: 'string' } }, usage);
    const [given = '', stepId] = positionals;
    if (namesProfile(given, values.to))
      return values.surfaces === undefined
        ? planOfProfile(given, stepId, output)
        : planOfSurfaces(given, values.surfaces, output);
    if (values.surfaces !== undefined)
      throw new CutoverError({
        code: 'input_invalid',
        message: 'A file has no surfaces; --surfaces is for SYSTEM/SOURCE_ID.',
        advice: `Usage: ${usage}`,
      });
    const move = await readMove(values, positionals, usage);
    await refuseFullSchema(move);
    return withPassingFolder(async (folder) => {
      const screen = openScreen(output);
      const { walk, preflight, steps } = openMove(move, folder, screen);
      return withInterrupt(walk, output, async () => {
        const proof = await proveFile(walk, preflight, move, screen);
        const { findings, rules } = walk.state;
        // With a finding open it is the plan as far as the rules go that are chosen; what a rule still changes is not in it.
        const planned = proof === 'failed' ? [] : await planOrNone(walk, steps, proof === 'findings');
        showPlan(output, planned, true);
        if (proof !== 'passed') {
          output.line('');
          showClaims(output, claimsOf(walk, preflight.id), true);
          showFindings(output, findings, rules);
          if (planned.length) output.line('The plan above is that without the rules which are still to be chosen.');
          output.result({
            state: proof,
            claims: claimsOf(walk, preflight.id),
            findings: findingsResult(findings, rules),
            steps: planned,
          });
          return proof === 'findings' ? exitCodes.findings : exitCodes.refused;
        }
        output.result({ state: 'planned', steps: planned });
        return exitCodes.done;
      });
    });
  },
};

/** A finding may stand in the way of the plan itself: then there is none to show yet. */
async function planOrNone(walk: LocalWalk, steps: readonly RunbookStep[], open: boolean): Promise<PlannedStep[]> {
  try {
    return await planSteps(walk, steps);
  } catch (thrown) {
    if (open && thrown instanceof CutoverError && thrown.code === 'finding_open') return [];
    throw thrown;
  }
}
