import { exitCodes, readOptions, type Command } from '@/lib/cli/command';
import { CutoverError } from '@/lib/errors';
import { allSteps } from '@/lib/fleet/check-runbook';
import { loadFleet } from '@/lib/fleet/load';
import { expectedWords, sayIssue } from '@/lib/fleet/say-issue';
import { countWords } from '@/lib/shared/words';
import { registry } from '@/lib/steps/registry';

const usage = 'cutover check-fleet [FLEET.yaml]';

/** Reads a fleet file and every runbook its profiles name, as console and worker do. Reaches nothing outside the files. */
export const checkFleet: Command = {
  summary: 'say whether a fleet file and its runbooks are right, with file and line of what is not',
  help: `Usage: ${usage}\n\nWithout a file: the one that CUTOVER_FLEET names.`,
  async run(argv, output) {
    const { positionals } = readOptions(argv, {}, usage);
    const fleet = loadFleet(positionals[0]);
    const profiles = fleet.systems.flatMap((system) => system.profiles);
    const runbooks = new Set(profiles.map(({ runbook }) => runbook));
    for (const name of runbooks) {
      const { runbook, path } = fleet.runbook(name);
      for (const { id, kind, params } of allSteps(runbook)) {
        const [issue] = registry[kind]?.params.safeParse(params, { error: expectedWords }).error?.issues ?? [];
        const [said] = issue ? sayIssue(issue, params) : [];
        if (said)
          throw new CutoverError({
            code: 'runbook_invalid',
            message: `${path}: step '${id}': ${['params', ...said.path].join('.')}: ${said.problem}.`,
            advice: `Correct it; lib/steps/${kind}.ts says which parameters ${kind} takes.`,
            facts: { file: path, stepId: id },
          });
      }
    }
    output.line(
      `${fleet.path} is right: ${countWords(fleet.systems.length, 'system')}, ${countWords(profiles.length, 'profile')}, ${countWords(runbooks.size, 'runbook')}.`,
    );
    output.result({ file: fleet.path, profiles: profiles.length, runbooks: [...runbooks].sort() });
    return exitCodes.done;
  },
};
