import { chooseSurfaces } from '@/lib/cutover/choose-surfaces';
import { allSteps } from '@/lib/fleet/check-runbook';
import { currentFleet } from '@/lib/fleet/load';
import { routes } from '@/lib/shared/routes';
import { listWords } from '@/lib/shared/words';
import { exitCodes, type Output } from './command';

/** What a cutover of some surfaces of a profile walks, from the files alone: nothing is asked of a service or of the control plane.
 *  @param names as they were typed: "a,b". @throws CutoverError input_invalid | profile_unknown */
export function planOfSurfaces(given: string, names: string, output: Output): number {
  const [system = '', ...rest] = given.split('/');
  const fleet = currentFleet();
  const found = fleet.find(system, rest.join('/'));
  const whole = fleet.runbook(found.profile.runbook);
  const chosen = names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const { runbook } = chooseSurfaces(whole, found, chosen);
  const kept = new Set(allSteps(runbook).map(({ id }) => id));
  const leftOut = allSteps(whole.runbook).flatMap(({ id }) => (kept.has(id) ? [] : id));
  output.line(
    `${runbook.title} ${runbook.version} for ${given}: ${listWords(runbook.surfaces ?? chosen) || 'as a whole'}.`,
  );
  for (const { title, steps } of runbook.phases) {
    output.line('');
    output.line(title);
    for (const step of steps) output.line(`  ${step.id}${step.title ? `: ${step.title}` : ''}`);
  }
  output.line('');
  if (leftOut.length) output.line(`Left out, since they hold for all surfaces together: ${leftOut.join(', ')}.`);
  output.line(
    `Nothing was changed. Plan it at ${routes.newCutover(system, found.profile.source_id)} and choose the same surfaces there.`,
  );
  output.result({
    state: 'surfaces',
    runbook: runbook.name,
    surfaces: runbook.surfaces ?? chosen,
    steps: runbook.phases.flatMap(({ steps }) => steps.map(({ id }) => id)),
    leftOut,
  });
  return exitCodes.done;
}
