import path from 'node:path';
import type { Parsed } from './entries-that-parsed';
import type { LoadedFleet } from './load';
import { refuseEntries } from './read-yaml';
import { filesSystem, type FleetFile, type ProfileEntry, type ServiceEntry, type SystemEntry } from './schema';
import { sourceFiles } from './source-files';
import { surfacesOf } from './surfaces';

type Problem = { at: (string | number)[]; problem: string };

/** What a schema cannot say: names are unique, services and runbooks exist, runbooks load, paths lie under an allowed root.
 *  @throws CutoverError fleet_invalid with every problem and its line | runbook_invalid */
export function checkFleet(fleet: LoadedFleet): void {
  const problems = fleetProblems(fleet);
  if (problems.length) throw refuseEntries(fleet.path, 'fleet_invalid', problems);
  for (const { profiles } of fleet.systems)
    for (const profile of profiles)
      for (const name of [profile.runbook, ...profile.other_runbooks]) fleet.runbook(name);
}

/** The same over those entries of a file that follow the schema, so that one mistake hides no other.
 *  @param open the fleet of such a file */
export function problemsOfParsed(parsed: Parsed, open: (file: FleetFile) => LoadedFleet): Problem[] {
  return fleetProblems(open(parsed.file), parsed.leftOut).map(({ at, problem }) => ({
    at: parsed.placeOf(at),
    problem,
  }));
}

/** @param leftOut services that are in the file although they are not in the fleet, by the place of their system */
function fleetProblems(fleet: LoadedFleet, leftOut: Parsed['leftOut'] = () => []): Problem[] {
  const problems: Problem[] = [];
  for (const at of repeatedAt(fleet.systems.map(({ name }) => name)))
    problems.push({ at: ['systems', at, 'name'], problem: `system '${fleet.systems[at]?.name}' stands twice` });
  // Process records and host locks are named by service alone.
  const services = fleet.systems.flatMap((system, no) =>
    system.services.map(({ name }, at) => ({ name, at: ['systems', no, 'services', at, 'name'] })),
  );
  for (const one of repeatedAt(services.map(({ name }) => name)))
    problems.push({ at: services[one]?.at ?? [], problem: `service '${services[one]?.name}' stands twice` });
  for (const [at, system] of fleet.systems.entries())
    problems.push(
      ...systemProblems(fleet, system, leftOut(at)).map((one) => ({
        at: ['systems', at, ...one.at],
        problem: `system '${system.name}'${one.problem}`,
      })),
    );
  return problems;
}

function systemProblems(fleet: LoadedFleet, system: SystemEntry, leftOut: unknown[]): Problem[] {
  const problems: Problem[] = [];
  if (system.name === filesSystem)
    problems.push({ at: ['name'], problem: ' is built in: it holds the files that are moved one by one' });
  for (const at of repeatedAt(system.profiles.map(({ source_id }) => source_id)))
    problems.push({
      at: ['profiles', at, 'source_id'],
      problem: `: profile '${system.profiles[at]?.source_id}' stands twice`,
    });
  for (const [at, service] of system.services.entries()) {
    if (!underRoots(fleet, service.env_file))
      problems.push({
        at: ['services', at, 'env_file'],
        problem: `: env_file ${service.env_file} is under no allowed root`,
      });
    for (const text of modeProblems(service))
      problems.push({ at: ['services', at], problem: `: service '${service.name}' ${text}` });
  }
  for (const [no, profile] of system.profiles.entries())
    for (const { at, problem } of profileProblems(fleet, system, profile, leftOut))
      problems.push({ at: ['profiles', no, ...at], problem: `: profile '${profile.source_id}'${problem}` });
  return problems;
}

function profileProblems(
  fleet: LoadedFleet,
  system: SystemEntry,
  profile: ProfileEntry,
  leftOut: unknown[],
): Problem[] {
  const problems: Problem[] = [];
  const services = system.services.map(({ name }) => name);
  if (profile.service && !services.includes(profile.service) && !leftOut.includes(profile.service))
    problems.push({
      at: ['service'],
      problem: ` names service '${profile.service}', which is not there; there is ${services.join(', ') || 'none'}`,
    });
  for (const file of sourceFiles(profile.source))
    if (!underRoots(fleet, file))
      problems.push({ at: ['source'], problem: `: source ${file} is under no allowed root` });
  for (const [name, file] of Object.entries(profile.source.companions ?? {}))
    if (!underRoots(fleet, file))
      problems.push({
        at: ['source', 'companions', name],
        problem: `: companion ${name} ${file} is under no allowed root`,
      });
  const known = fleet.runbookNames();
  for (const [at, name] of [
    [['runbook'], profile.runbook] as const,
    ...profile.other_runbooks.map((other, no) => [['other_runbooks', no], other] as const),
  ])
    if (!known.includes(name))
      problems.push({
        at: [...at],
        problem: `: there is no runbook '${name}'; name one of ${known.join(', ') || 'none found'}, or list its file under runbooks`,
      });
  return problems;
}

/** A service tells one mode, or one a surface. */
function modeProblems(service: ServiceEntry): string[] {
  const { mode, surfaces } = service.observe;
  const several = Object.keys(surfaces).length > 0;
  if (several === (mode !== undefined || service.mode_variable !== undefined))
    return ['must have either observe.mode with mode_variable, or observe.surfaces'];
  if (!several && (mode === undefined || service.mode_variable === undefined))
    return [`lacks ${mode === undefined ? 'observe.mode' : 'mode_variable'}`];
  const prefix = service.env_prefix ?? '';
  return surfacesOf(service).flatMap(({ label, variable }) => [
    ...(service.env_allow.includes(variable) ? [] : [`must list ${variable} (${label}) in env_allow`]),
    ...(variable.startsWith(prefix) ? [] : [`ignores ${variable} (${label}): it lacks the prefix ${prefix}`]),
  ]);
}

/** Where a name stands for the second time. */
const repeatedAt = (names: string[]): number[] => [
  ...new Set(
    names.flatMap((name) => {
      const second = names.indexOf(name, names.indexOf(name) + 1);
      return second < 0 ? [] : [second];
    }),
  ),
];

/** True when a path lies in one of the fleet's allowed roots, by text; opening tests the real path again. */
function underRoots(fleet: Pick<LoadedFleet, 'file' | 'path'>, file: string): boolean {
  const full = path.resolve(file);
  return fleet.file.allowed_roots.some((root) => {
    const base = path.resolve(path.dirname(fleet.path), root);
    return full === base || full.startsWith(base + path.sep);
  });
}
