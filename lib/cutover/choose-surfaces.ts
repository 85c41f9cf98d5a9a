import { CutoverError } from '@/lib/errors';
import type { FoundProfile, LoadedRunbook } from '@/lib/fleet/load';
import { narrowRunbook } from '@/lib/fleet/narrow-runbook';
import { surfacesOf } from '@/lib/fleet/surfaces';

/** The runbook as it is pinned for a cutover of some surfaces; of all, as it is. Its digest stays that of the file.
 *  @throws CutoverError input_invalid for a name that the service does not have, or where the runbook moves all or nothing */
export function chooseSurfaces(
  loaded: LoadedRunbook,
  { service }: Pick<FoundProfile, 'service'>,
  chosen: readonly string[] | undefined,
): LoadedRunbook {
  if (!chosen?.length) return loaded;
  const own = (service ? surfacesOf(service) : []).flatMap(({ name }) => name ?? []);
  const movable = own.filter((name) => loaded.runbook.surfaces?.includes(name) ?? true);
  const strange = chosen.filter((name) => !movable.includes(name));
  if (strange.length)
    throw new CutoverError({
      code: 'input_invalid',
      message: `${strange.join(', ')} is no surface that ${loaded.runbook.name} moves.`,
      advice: movable.length ? `Choose among: ${movable.join(', ')}.` : 'This service has one backend; choose none.',
    });
  if (movable.every((name) => chosen.includes(name))) return loaded;
  if (!loaded.runbook.subset)
    throw new CutoverError({
      code: 'input_invalid',
      message: `${loaded.runbook.name} moves all surfaces or none.`,
      advice: 'Choose all of them, or a runbook with `subset: true`.',
    });
  const surfaces = movable.filter((name) => chosen.includes(name));
  return { ...loaded, runbook: narrowRunbook(loaded.runbook, surfaces) };
}
