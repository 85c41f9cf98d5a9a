import type { ServiceEntry } from '@/lib/fleet/schema';
import { type Surface, surfacesOf } from '@/lib/fleet/surfaces';
import { CutoverError } from '@/lib/errors';
import type { StepContext } from '@/lib/steps/step';

/** The surfaces that this cutover moves: all, or those it was planned for; of these the ones a step names.
 *  @throws CutoverError runbook_invalid for a name that the service does not have */
export function surfacesIn(ctx: StepContext, service: ServiceEntry, named?: readonly string[]): Surface[] {
  const all = surfacesOf(service);
  const strange = [...(named ?? []), ...(ctx.runbook.surfaces ?? [])].filter(
    (wanted) => !all.some(({ name }) => name === wanted),
  );
  if (strange.length)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${ctx.step.id} names ${strange.join(', ')}, which is no surface of service ${service.name}.`,
      advice: `Its surfaces: ${all.map(({ name }) => name ?? 'none has a name').join(', ')}.`,
    });
  const has = (list: readonly string[] | undefined, name: string | null) =>
    !list || name === null || list.includes(name);
  return all.filter(({ name }) => has(named, name) && has(ctx.runbook.surfaces, name));
}
