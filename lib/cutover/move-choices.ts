import path from 'node:path';
import { staticNameFindings } from '@/lib/dataplane/schema-name';
import { targetPlace } from '@/lib/dataplane/place';
import type { LoadedFleet } from '@/lib/fleet/load';
import { filesSystem, type ProfileEntry } from '@/lib/fleet/schema';
import { sourceFiles, stayingFiles } from '@/lib/fleet/source-files';
import { listWords } from '@/lib/shared/words';
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

type Owning = { system: string; profile: ProfileEntry };
export type FileOwner = {
  /** Everyone it belongs to in the same way, in the order of the fleet file; never empty. */
  owners: Owning[];
  /** What the file is to them, one sentence. */
  words: string;
};

/** Whose a file is: profiles of the fleet that have it as their source or beside it, other than one that was chosen here
 *  before; null when nobody's. */
export function ownerOf(fleet: LoadedFleet, file: string): FileOwner | null {
  const profiles = fleet.systems
    .filter(({ name }) => name !== filesSystem)
    .flatMap(({ name, profiles: own }) => own.map((profile) => ({ system: name, profile })));
  const holds = (own: string): boolean => overlap(path.resolve(own), file);
  // A file in the folder of one profile's source may be another's source: what is moved is asked first.
  const sources = profiles.filter(({ profile }) => sourceFiles(profile.source).some(holds));
  if (sources.length) return { owners: sources, words: `Source of ${keysOf(sources)}` };
  const beside = profiles.flatMap((found) => {
    const says = besideOf(found, holds);
    return says ? [{ found, says }] : [];
  });
  const [first] = beside;
  if (!first) return null;
  const owners = beside.filter(({ says }) => says(1) === first.says(1)).map(({ found }) => found);
  return { owners, words: `Belongs to ${keysOf(owners)}${first.says(owners.length)}` };
}

/** What a file is to the profile whose source it lies beside, as the end of a sentence; null when it is nothing to it. */
function besideOf(
  { profile: { source } }: Owning,
  holds: (own: string) => boolean,
): ((owners: number) => string) | null {
  const staying = source.kind === 'sqlite-files' ? Object.values(stayingFiles(source)) : [];
  const stays = staying.find((one) => holds(one.path));
  if (stays)
    return (owners) => `, which ${owners > 1 ? 'keep' : 'keeps'} it on purpose: ${stays.why.replace(/\.$/, '')}`;
  const companion = Object.entries(source.companions ?? {}).find(([, own]) => holds(own))?.[0];
  return companion ? (owners) => ` as ${owners > 1 ? 'their' : 'its'} ${companion}, which stays a file` : null;
}

export const ownerKey = ({ system, profile }: Owning): string => `${system}/${profile.source_id}`;
const keysOf = (owners: Owning[]): string => listWords(owners.map(ownerKey));

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
