import type { z } from 'zod';
import { fleetFile, type FleetFile } from './schema';

type Path = (string | number)[];
type Issue = z.core.$ZodIssue;
/** The entries of a fleet file that follow the schema. `placeOf` leads from an entry there to its place in the file. */
export type Parsed = {
  file: FleetFile;
  placeOf(at: Path): Path;
  /** Names of services that are in the file and did not parse, by the system's place in `file`. */
  leftOut(system: number): unknown[];
};

const lists = ['services', 'profiles'] as const;
type Loose = { [key: string]: unknown };
const listOf = (system: Loose, name: string): unknown[] => (Array.isArray(system[name]) ? system[name] : []);

/** What is left of a fleet file without its systems, services and profiles that break the schema; null where what breaks it
 *  stands above them. @param issues of the whole file */
export function entriesThatParsed(value: unknown, issues: readonly Issue[]): Parsed | null {
  const dropped = new Set<string>();
  let found = issues;
  // An entry that goes may leave a system without any: that one goes in the next round.
  for (let round = 0; round < 3; round += 1) {
    for (const { path } of found) {
      const at = entryOf(path);
      if (!at) return null;
      dropped.add(JSON.stringify(at));
    }
    const kept = without(value, dropped);
    const parsed = fleetFile.safeParse(kept.value);
    if (parsed.success) return { file: parsed.data, placeOf: kept.placeOf, leftOut: kept.leftOut };
    found = parsed.error.issues.map((issue) => ({ ...issue, path: kept.placeOf(issue.path as Path) }));
  }
  return null;
}

/** The innermost entry of a list that holds the place: a service or a profile, else its system. */
function entryOf(path: readonly PropertyKey[]): Path | null {
  const [top, system, list, no] = path;
  if (top !== 'systems' || typeof system !== 'number') return null;
  return typeof no === 'number' && lists.some((name) => name === list)
    ? [top, system, String(list), no]
    : [top, system];
}

function without(value: unknown, dropped: ReadonlySet<string>) {
  const all = listOf(value as Loose, 'systems') as Loose[];
  const isKept = (at: Path): boolean => !dropped.has(JSON.stringify(at));
  const systems = all.flatMap((system, no) => {
    if (!isKept(['systems', no])) return [];
    const places = Object.fromEntries(
      lists.map((name) => [name, [...listOf(system, name).keys()].filter((at) => isKept(['systems', no, name, at]))]),
    );
    return [{ no, system, places }];
  });
  const kept = systems.map(({ system, places }) => ({
    ...system,
    ...Object.fromEntries(
      lists.filter((name) => name in system).map((name) => [name, places[name]?.map((at) => listOf(system, name)[at])]),
    ),
  }));
  return {
    value: { ...(value as Loose), systems: kept },
    placeOf: ([top, at, list, no, ...rest]: Path): Path => {
      const found = top === 'systems' && typeof at === 'number' ? systems[at] : undefined;
      if (!found || top === undefined) return [top, at, list, no, ...rest].filter((part) => part !== undefined);
      const place = typeof no === 'number' ? (found.places[String(list)]?.[no] ?? no) : no;
      return [top, found.no, list, place, ...rest].filter((part) => part !== undefined);
    },
    leftOut: (at: number): unknown[] => {
      const found = systems[at];
      const services = found ? listOf(found.system, 'services') : [];
      return services
        .filter((_, no) => !found?.places.services?.includes(no))
        .map((one) => (one as Loose | null)?.name);
    },
  };
}
