import { CutoverError } from '@/lib/errors';
import type { Runbook, RunbookStep } from './runbook-schema';
import { expectedWords, sayIssue } from './say-issue';
import { signOffTerms } from './sign-off-terms';

/** Every step of a runbook in order: phases, then runtime rollback, then data rollback. */
export const allSteps = (runbook: Runbook): RunbookStep[] => [
  ...runbook.phases.flatMap(({ steps }) => steps),
  ...runbook.rollbacks.runtime.steps,
  ...(runbook.rollbacks.data?.steps ?? []),
];

/** What a schema cannot say: ids are unique, `needs` name earlier steps, the name is the file's.
 *  @throws CutoverError runbook_invalid */
export function checkRunbook(runbook: Runbook, file: string, name: string): void {
  const problems: string[] = [];
  if (runbook.name !== name) problems.push(`name is '${runbook.name}' but the file is '${name}.yaml'`);
  const seen = new Set<string>();
  for (const step of allSteps(runbook)) {
    if (seen.has(step.id)) problems.push(`step '${step.id}' stands twice`);
    for (const need of step.needs)
      if (!seen.has(need)) problems.push(`step '${step.id}' needs '${need}', which is no earlier step`);
    seen.add(step.id);
    const terms = step.kind === 'sign-off' ? signOffTerms.safeParse(step.params, { error: expectedWords }) : null;
    for (const issue of terms?.error?.issues ?? [])
      for (const { path, problem } of sayIssue(issue, step.params))
        problems.push(`step '${step.id}': ${['params', ...path].join('.')}: ${problem}`);
  }
  if (problems.length)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `${file}: ${problems.join('; ')}.`,
      advice: 'Mend the named steps; a step may need only steps above it.',
      facts: { file, problems },
    });
}
