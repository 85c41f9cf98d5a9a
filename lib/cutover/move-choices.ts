import path from 'node:path';
import { staticNameFindings } from '@/lib/dataplane/schema-name';
import { targetPlace } from '@/lib/dataplane/place';
import type { LoadedFleet } from '@/lib/fleet/load';
import { filesSystem, type ProfileEntry } from '@/lib/fleet/schema';
import { sourceFiles, stayingFiles } from '@/lib/fleet/source-files';
import { findMovableFiles, type FoundFiles } from '@/lib/sources/find-files';

export const moveRunbook = 'sqlite-to-postgres';
/**
 * The files that may be chosen: SQLite files and stores of JSON under the fleet's allowed roots. The console's data folder is
 * passed over, also where a root holds it; a root that lies in it is looked through.
 */
export function movableFiles(fleet: LoadedFleet): Promise<FoundFiles> {
  const home = process.env.CUTOVER_HOME;
  const roots = fleet.file.allowed_roots.map((root) => path.resolve(path.dirname(fleet.path), root));
  return findMovableFiles(roots, home ? [path.resolve(home)] : []);
}

/** Names of the DSNs that may be chosen: those the fleet file names, sorted. */
export const movableTargets = (fleet: LoadedFleet): string[] =>
  [
    ...new Set([
      ...fleet.file.targets,
      ...fleet.systems.flatMap(({ profiles }) => profiles.map(({ target }) => target.dsn_env)),
    ]),
  ].sort();

export type FileOwner = {
  system: string;
  profile: ProfileEntry /** What the file is to it, one sentence. */;
  words: string;
};

/** The profile of the fleet that this file belongs to, as its source or beside it, other than a file that was chosen here before; null
 *  when none. */
export function ownerOf(fleet: LoadedFleet, file: string): FileOwner | null {
  const profiles = fleet.systems
    .filter(({ name }) => name !== filesSystem)
    .flatMap(({ name, profiles: own }) => own.map((profile) => ({ system: name, profile })));
  const holds = (own: string): boolean => overlap(path.resolve(own), file);
  // A file in the folder of one profile's source may be another's source: what is moved is asked first.
  for (const found of profiles)
    if (sourceFiles(found.profile.source).some(holds)) return { ...found, words: `Source of ${keyOf(found)}` };
  for (const found of profiles) {
    const { source } = found.profile;
    const staying = source.kind === 'sqlite-files' ? Object.values(stayingFiles(source)) : [];
    const stays = staying.find((one) => holds(one.path));
    if (stays)
      return {
        ...found,
        words: `Belongs to ${keyOf(found)}, which keeps it on purpose: ${stays.why.replace(/\.$/, '')}`,
      };
    const beside = Object.entries(source.companions ?? {}).find(([, own]) => holds(own));
    if (beside) return { ...found, words: `Belongs to ${keyOf(found)} as its ${beside[0]}, which stays a file` };
  }
  return null;
}

const keyOf = ({ system, profile }: Omit<FileOwner, 'words'>): string => `${system}/${profile.source_id}`;

/** The same, or one inside the other: a store of JSON is a folder. */
const overlap = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}${path.sep}`) || other.startsWith(`${one}${path.sep}`);

/** Why a schema name cannot be used, one sentence; null when nothing that is known here speaks against it. */
export function schemaTrouble(
  fleet: LoadedFleet,
  { schema, dsnName, file }: { schema: string; dsnName: string; file: string },
): string | null {
  const [wrong] = staticNameFindings(targetPlace('', path.basename(file), { schema }));
  if (wrong) return wrong.message;
  const taken = fleet.systems
    .flatMap(({ name, profiles }) => profiles.map((profile) => ({ name, profile })))
    .find(
      ({ name, profile }) =>
        profile.target.schema === schema &&
        profile.target.dsn_env === dsnName &&
        !(name === filesSystem && sourceFiles(profile.source).includes(file)),
    );
  return taken ? `The schema ${schema} of ${dsnName} is that of ${taken.name}/${taken.profile.source_id}.` : null;
}

/** The source id of a chosen file: its own from before, else its name, numbered where another file has that name. */
export function sourceIdFor(fleet: LoadedFleet, file: string): string {
  const known = fleet.systems.find(({ name }) => name === filesSystem)?.profiles ?? [];
  const before = known.find(({ source }) => sourceFiles(source).includes(file));
  if (before) return before.source_id;
  const name = path
    .basename(file)
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '_')
    .slice(0, 190);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? name : `${name}-${number}`;
    if (!known.some(({ source_id }) => source_id === id)) return id;
  }
}
