import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import type { LoadedFleet } from './load';
import { filesSystem, type ServiceEntry } from './schema';
import { sourceFiles } from './source-files';
import { surfacesOf } from './surfaces';

/** What a schema cannot say: names are unique, services exist, runbooks load, paths lie under an allowed root.
 *  @throws CutoverError fleet_invalid | runbook_invalid */
export function checkFleet(fleet: LoadedFleet): void {
  const problems: string[] = [];
  repeated(fleet.systems.map(({ name }) => name)).forEach((name) => problems.push(`system '${name}' stands twice`));
  if (fleet.systems.some(({ name }) => name === filesSystem))
    problems.push(`system '${filesSystem}' is built in: it holds the files that are moved one by one`);
  // Process records and host locks are named by service alone.
  repeated(fleet.systems.flatMap(({ services }) => services.map(({ name }) => name))).forEach((name) => {
    problems.push(`service '${name}' stands twice`);
  });
  for (const system of fleet.systems) {
    const at = `system '${system.name}'`;
    const services = system.services.map(({ name }) => name);
    repeated(system.profiles.map(({ source_id }) => source_id)).forEach((id) =>
      problems.push(`${at}: profile '${id}' stands twice`),
    );
    for (const service of system.services) {
      if (!underRoots(fleet, service.env_file))
        problems.push(`${at}: env_file ${service.env_file} is under no allowed root`);
      problems.push(...modeProblems(service).map((text) => `${at}: service '${service.name}' ${text}`));
    }
    for (const profile of system.profiles) {
      const who = `${at}: profile '${profile.source_id}'`;
      if (profile.service && !services.includes(profile.service))
        problems.push(`${who} names service '${profile.service}', which is not there`);
      for (const file of sourceFiles(profile.source))
        if (!underRoots(fleet, file)) problems.push(`${who}: source ${file} is under no allowed root`);
      for (const [name, file] of Object.entries(profile.source.companions ?? {}))
        if (!underRoots(fleet, file)) problems.push(`${who}: companion ${name} ${file} is under no allowed root`);
      for (const name of [profile.runbook, ...profile.other_runbooks]) fleet.runbook(name);
    }
  }
  if (problems.length)
    throw new CutoverError({
      code: 'fleet_invalid',
      message: `${fleet.path}: ${problems.join('; ')}.`,
      advice: 'Mend the named entries of the fleet file.',
      facts: { file: fleet.path, problems },
    });
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

const repeated = (names: string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** True when a path lies in one of the fleet's allowed roots, by text; opening tests the real path again. */
function underRoots(fleet: Pick<LoadedFleet, 'file' | 'path'>, file: string): boolean {
  const full = path.resolve(file);
  return fleet.file.allowed_roots.some((root) => {
    const base = path.resolve(path.dirname(fleet.path), root);
    return full === base || full.startsWith(base + path.sep);
  });
}
