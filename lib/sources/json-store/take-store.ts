import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SqliteLocation } from '@/lib/sources/sqlite-file';
import { copyStore } from './copy-files';
import { listStore, signatureOf } from './list-files';
import { type BrokenSets, stageStore } from './stage-store';
import { isStagingOf, type KnownStaging } from './same-store';
import { type JsonStore, settingsOf } from './store';
import { atOnce, inTurns, type Turns } from './turns';

export type TakenStore = { path: string; copy: string; bytes: number; files: number; takenAt: string };

/** Copies a store and stages the copy: `to` is the staging file, `<to>.files` the bytes it was made from.
 *  @throws CutoverError source_* */
export const takeStore = (store: JsonStore, to: string): TakenStore => atOnce(taking(store, to));

/** The same, and an aborted signal ends it within a moment; what it has made so far is gone or written over the next time. */
export const takeStoreInTurns = (store: JsonStore, to: string, signal: AbortSignal): Promise<TakenStore> =>
  inTurns(taking(store, to), signal);

function* taking(store: JsonStore, to: string): Turns<TakenStore> {
  const takenAt = new Date().toISOString();
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  const copy = yield* copyStore(store.path, store.allowedRoots, `${to}.files`);
  yield* stageStore(copy, store, to);
  return { path: to, copy: copy.root, bytes: statSync(to).size, files: copy.files.length, takenAt };
}

/** The live store as a staging file: one of `known`, where every file still has the bytes that it was made from, else one in a folder of
 *  the caller’s, made anew whenever a file of the store has changed. */
export const liveStaged = (store: JsonStore, folder: string, known: readonly KnownStaging[] = []): SqliteLocation =>
  atOnce(staging(store, folder, known));

/** The same in turns: what reads the live store after it finds it staged. */
export const stageLive = (
  store: JsonStore,
  folder: string,
  known: readonly KnownStaging[],
  signal: AbortSignal,
): Promise<SqliteLocation> => inTurns(staging(store, folder, known), signal);

function* staging(store: JsonStore, folder: string, known: readonly KnownStaging[]): Turns<SqliteLocation> {
  const { files } = listStore(store.path, store.allowedRoots);
  const seen = createHash('sha256')
    .update([settingsOf(store), ...files.map(signatureOf)].join('\n'))
    .digest('hex');
  const file = path.join(folder, `live-${seen.slice(0, 16)}.sqlite`);
  if (!existsSync(file)) {
    const same = known.find((one) => isStagingOf(one, store));
    if (same) return { path: same.path, allowedRoots: [path.dirname(same.path)] };
    yield* taking(store, file);
    rmSync(`${file}.files`, { recursive: true, force: true });
  }
  return { path: file, allowedRoots: [folder] };
}

export type ReadableStore = {
  location: SqliteLocation;
  /** Tables whose files break off → why; their records up to there are staged. */
  broken: Map<string, string>;
};

/** What can be read of a live store of which some files cannot be read to their end: to look at, never to move.
 *  @throws CutoverError source_* */
export function readableStaged(store: JsonStore, folder: string): ReadableStore {
  const to = path.join(folder, 'readable.sqlite');
  const copy = atOnce(copyStore(store.path, store.allowedRoots, `${to}.files`));
  const broken: BrokenSets = new Map();
  atOnce(stageStore(copy, store, to, broken));
  rmSync(`${to}.files`, { recursive: true, force: true });
  return {
    location: { path: to, allowedRoots: [folder] },
    broken: new Map([...broken].map(([{ table }, { message }]) => [table, message])),
  };
}
