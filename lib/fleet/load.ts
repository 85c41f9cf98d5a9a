import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { canonicalJson } from '@/lib/shared/json';
import { checkFleet, problemsOfParsed } from './check-fleet';
import { checkRunbook } from './check-runbook';
import { entriesThatParsed } from './entries-that-parsed';
import { readYaml } from './read-yaml';
import { stepKinds } from './step-kinds';
import { runbookFile, type Runbook } from './runbook-schema';
import { shareSource } from './source-files';
import { fleetFile, type FleetFile, type ProfileEntry, type ServiceEntry, type SystemEntry } from './schema';

export type LoadedRunbook = { runbook: Runbook; digest: string; path: string };
export type Neighbour = { profile: ProfileEntry; shares: ('service' | 'source_file')[] };
export type FoundProfile = {
  system: SystemEntry;
  profile: ProfileEntry;
  /** Null: the profile names none. */
  service: ServiceEntry | null;
  neighbours: Neighbour[];
  digest: string;
};
export type LoadedFleet = {
  file: FleetFile;
  path: string;
  digest: string;
  systems: SystemEntry[];
  /** @throws CutoverError profile_unknown */
  find(system: string, sourceId: string): FoundProfile;
  /** @throws CutoverError runbook_invalid when unknown or not readable */
  runbook(name: string): LoadedRunbook;
  runbookNames(): string[];
};

export const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** Reads the fleet file and its runbooks afresh.
 *  @param filePath default: CUTOVER_FLEET.
 *  @throws CutoverError fleet_invalid with file, line and what is expected. */
export function loadFleet(filePath = process.env.CUTOVER_FLEET): LoadedFleet {
  if (!filePath)
    throw new CutoverError({
      code: 'fleet_invalid',
      message: 'No fleet file is named.',
      advice: 'Set CUTOVER_FLEET to the path of your fleet file, or start with npm start -- fleet.yaml.',
    });
  const full = path.resolve(filePath);
  const { value } = readYaml(full, fleetFile, 'fleet_invalid', process.env, (filled, issues) => {
    const parsed = entriesThatParsed(filled, issues);
    return parsed ? problemsOfParsed(parsed, (file) => fleetOf(file, full)) : [];
  });
  const loaded = fleetOf(value, full);
  checkFleet(loaded);
  return loaded;
}

const fleetOf = (file: FleetFile, filePath: string): LoadedFleet => ({
  file,
  path: filePath,
  digest: digestOf(file),
  systems: file.systems,
  find: (system, sourceId) => findProfile(file, system, sourceId),
  runbook: (name) => loadRunbook(name, runbookPaths(file, filePath), filePath),
  runbookNames: () => [...runbookPaths(file, filePath).keys()],
});

/** Another one after every change of the file; empty for none. */
function stampOf(file: string): string {
  const found = statSync(/* turbopackIgnore: true */ file, { throwIfNoEntry: false, bigint: true });
  return found ? `${found.mtimeNs}:${found.size}:${found.ino}` : '';
}

let cached: { key: string; fleet: LoadedFleet } | null = null;

/** The same, read again only when the file's size or time changed: for pages that ask often. */
export function currentFleet(filePath = process.env.CUTOVER_FLEET): LoadedFleet {
  if (!filePath || !existsSync(filePath)) return loadFleet(filePath);
  const key = `${path.resolve(filePath)}:${stampOf(filePath)}`;
  if (cached?.key !== key) cached = { key, fleet: loadFleet(filePath) };
  return cached.fleet;
}

export function findProfile(file: FleetFile, systemName: string, sourceId: string): FoundProfile {
  const system = file.systems.find(({ name }) => name === systemName);
  const profile = system?.profiles.find((entry) => entry.source_id === sourceId);
  const service = system?.services.find(({ name }) => name === profile?.service) ?? null;
  if (!system || !profile)
    throw new CutoverError({
      code: 'profile_unknown',
      message: `The fleet file has no profile ${systemName}/${sourceId}.`,
      advice: 'Choose a profile from the fleet page, or add it to the fleet file.',
      facts: { system: systemName, sourceId },
    });
  return {
    system,
    profile,
    service,
    neighbours: neighboursOf(system, profile),
    digest: digestOf({ system: system.name, service, profile }),
  };
}

function neighboursOf(system: SystemEntry, own: ProfileEntry): Neighbour[] {
  return system.profiles
    .filter((other) => other.source_id !== own.source_id)
    .map((profile) => {
      const shares: Neighbour['shares'] = [];
      if (own.service && profile.service === own.service) shares.push('service');
      if (shareSource(profile.source, own.source)) shares.push('source_file');
      return { profile, shares };
    })
    .filter(({ shares }) => shares.length > 0);
}

/** Folder of the shipped runbooks; the built processes run in the repository's folder, so nothing is traced into the build. */
const shippedFolder = (): string =>
  path.resolve(/* turbopackIgnore: true */ process.env.CUTOVER_RUNBOOKS ?? 'lib/runbooks');

function runbookPaths(file: FleetFile, fleetPath: string): Map<string, string> {
  const named = file.runbooks.map((entry) => path.resolve(path.dirname(fleetPath), entry));
  const folder = shippedFolder();
  const shipped = existsSync(/* turbopackIgnore: true */ folder)
    ? readdirSync(/* turbopackIgnore: true */ folder)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => path.join(/* turbopackIgnore: true */ folder, name))
    : [];
  return new Map([...shipped, ...named].map((entry) => [path.basename(entry, '.yaml'), entry]));
}

function loadRunbook(name: string, paths: Map<string, string>, fleetPath: string): LoadedRunbook {
  const file = paths.get(name);
  if (!file)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `${fleetPath}: there is no runbook '${name}'.`,
      advice: `Name one of: ${[...paths.keys()].join(', ') || 'none found'}; or list its file under runbooks in the fleet file.`,
    });
  return readRunbook(file, name);
}

/** A pinned runbook may name a kind that is gone since; a file on disk may not. */
const knownKinds = runbookFile.superRefine((runbook, problems) => {
  const look = (steps: { kind: string }[], path: (string | number)[]): void => {
    for (const [at, { kind }] of steps.entries())
      if (!stepKinds.includes(kind))
        problems.addIssue({
          code: 'custom',
          path: [...path, at, 'kind'],
          message: `there is no step kind '${kind}'; the kinds are ${stepKinds.join(', ')}`,
        });
  };
  for (const [at, { steps }] of runbook.phases.entries()) look(steps, ['phases', at, 'steps']);
  look(runbook.rollbacks.runtime.steps, ['rollbacks', 'runtime', 'steps']);
  look(runbook.rollbacks.data?.steps ?? [], ['rollbacks', 'data', 'steps']);
});

const read = new Map<string, { stamp: string; loaded: LoadedRunbook }>();

/** Parsed again only when the file is another one: a page that shows a whole fleet asks for each profile.
 *  @throws CutoverError runbook_invalid with file, line and what is expected */
export function readRunbook(file: string, name: string): LoadedRunbook {
  const stamp = stampOf(file);
  const kept = read.get(file);
  if (kept && kept.stamp === stamp && kept.loaded.runbook.name === name) return kept.loaded;
  const { value: runbook } = readYaml(file, knownKinds, 'runbook_invalid');
  checkRunbook(runbook, file, name);
  const loaded = { runbook, digest: digestOf(runbook), path: file };
  read.set(file, { stamp, loaded });
  return loaded;
}
