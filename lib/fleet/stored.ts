import { digestOf, findProfile, type LoadedFleet } from './load';
import { filesSystem, profileEntry } from './schema';

export type StoredProfile = { system: string; entry: unknown };

/** The fleet file with the profiles that the control plane keeps beside it. */
export function withStored(fleet: LoadedFleet, stored: readonly StoredProfile[]): LoadedFleet {
  const profiles = stored
    .filter(({ system }) => system === filesSystem)
    .map(({ entry }) => profileEntry.parse(entry))
    .sort((a, b) => a.source_id.localeCompare(b.source_id));
  if (!profiles.length) return fleet;
  // Given a fleet that holds the files of before, theirs are replaced: of two systems of one name only the first is found.
  const declared = fleet.systems.filter(({ name }) => name !== filesSystem);
  const systems = [...declared, { name: filesSystem, title: 'Files', services: [], profiles }];
  const file = { ...fleet.file, systems };
  return {
    ...fleet,
    file,
    systems,
    digest: digestOf(file),
    find: (system, sourceId) => findProfile(file, system, sourceId),
  };
}
