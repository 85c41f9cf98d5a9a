import {
  fenceSql,
  liftFence,
  readFence,
  readSource,
  takeFence,
  unfenceSql,
  type SqliteLocation,
} from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { movedFiles, sourceFile } from '@/lib/fleet/source-files';
import { fenceRecordFile } from '@/lib/services/flight-card';
import type { PlanLine } from '@/lib/shared/evidence';
import { listWords } from '@/lib/shared/words';
import {
  type FileFenceReading,
  liftFileFence,
  readFileFence,
  takeFileFence,
} from '@/lib/sources/json-store/fence-files';
import type { JsonStore } from '@/lib/sources/json-store/store';
import type { StepContext } from '@/lib/steps/step';
import { jsonStoreOf, scopeOf } from './places';

export type SourceFenceReading = {
  state: 'absent' | 'complete' | 'partial';
  /** Triggers, or files, that carry it. */
  names: string[];
  /** What is not as the fence left it, in words. */
  problems: string[];
  summary: string;
  /** What was looked at. */
  what: string;
};
/** What makes the old side refuse writes, as its kind of source can. */
export type SourceFence = {
  claim: string;
  plan(lift: boolean): PlanLine;
  take(): SourceFenceReading;
  lift(): SourceFenceReading;
  read(): SourceFenceReading;
};

/** Triggers in each SQLite file, or the rights of the files of a store. `named`: only these files of a source that has several.
 *  @throws CutoverError fence_failed where nothing can refuse a write */
export function sourceFenceOf(ctx: StepContext, named?: readonly string[]): SourceFence {
  const store = jsonStoreOf(ctx);
  return store ? fileFence(ctx, store) : triggerFence(ctx, filesToFence(ctx, named));
}

/** @throws CutoverError runbook_invalid for a name that is no file of the source */
function filesToFence({ profile, runbook, step, allowedRoots }: StepContext, named?: readonly string[]) {
  const { source } = profile;
  if (source.kind !== 'sqlite-files') return [{ path: sourceFile(source), allowedRoots }];
  const strange = named?.filter((name) => !Object.hasOwn(source.files, name)) ?? [];
  if (strange.length)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${step.id} names ${strange.join(', ')}, which is no moved file of ${profile.source_id}.`,
      advice: `Its files: ${Object.keys(source.files).join(', ')}.`,
    });
  return Object.entries(movedFiles(source, runbook.surfaces))
    .filter(([name]) => !named || named.includes(name))
    .map(([, path]) => ({ path, allowedRoots }));
}

function triggerFence(ctx: StepContext, files: readonly SqliteLocation[]): SourceFence {
  const scope = scopeOf(ctx);
  const each = files.length > 1 ? `each of ${files.length} SQLite files` : 'the SQLite file';
  const told = (readings: ReturnType<typeof readFence>[]): SourceFenceReading => {
    const states = new Set(readings.map(({ state }) => state));
    const state = states.size > 1 ? 'partial' : ([...states][0] ?? 'absent');
    const names = readings.flatMap(({ triggers }) => triggers);
    const missing = state === 'absent' ? [] : readings.flatMap((one) => one.missing);
    const unguarded = readings.flatMap((one) => one.unguarded);
    return {
      state,
      names,
      problems: missing.map((name) => `${name} is missing`),
      summary: [
        `fence ${state}; ${names.length} triggers${files.length > 1 ? ` in ${files.length} files` : ''}`,
        ...(missing.length ? [`missing ${missing.join(', ')}`] : []),
        ...(unguarded.length ? [unguardedWords(unguarded)] : []),
      ].join('; '),
      what: 'triggers of ours in sqlite_schema',
    };
  };
  return {
    claim: "The source refuses writes to this profile's rows",
    plan: (lift) => ({
      type: 'sql',
      on: 'source',
      effect: 'write',
      does: lift
        ? `Takes the fence triggers out of ${each}; nothing of ours is left in it.`
        : files.length > 1
          ? `Puts triggers that refuse writes into ${each}.`
          : "Puts triggers that refuse writes to this profile's rows; other source ids of the file are not touched.",
      text: files.map((file) => fenceText(file, scope, lift, files.length > 1)).join('\n'),
      undo: lift ? 'the fence is put again' : 'the same triggers are dropped, at any time',
    }),
    take: () => told(files.map((file) => takeFence(file, scope))),
    lift: () => told(files.map((file) => liftFence(file, scope))),
    read: () => told(files.map((file) => readFence(file, scope))),
  };
}

/** Nothing of a virtual table is moved, as a finding of the preflight says by name: what is written to it is no write that is missed. */
const unguardedWords = (names: readonly string[]): string =>
  names.length === 1
    ? `${names[0]} takes no trigger: a virtual table, which is not moved`
    : `${listWords(names)} take no triggers: virtual tables, which are not moved`;

function fenceText(file: SqliteLocation, scope: ReturnType<typeof scopeOf>, lift: boolean, named: boolean): string {
  const schema = readSource(file, scope);
  const sql = (lift ? unfenceSql(schema, scope) : fenceSql(schema, scope)).join(';\n');
  return named ? `-- ${file.path}\n${sql}` : sql;
}

function fileFence(ctx: StepContext, store: JsonStore): SourceFence {
  const record = fenceRecordFile(ctx.system.name, ctx.profile.source_id);
  const told = ({ state, files, problems }: FileFenceReading): SourceFenceReading => ({
    state,
    names: files,
    problems,
    summary: `fence ${state}; ${files.length} files${problems.length ? `; ${problems.join('; ')}` : ''}`,
    what: 'rights and digests of the files',
  });
  return {
    claim: 'The files of the source refuse writes, and none was written since',
    plan: (lift) => ({
      type: 'file',
      on: 'source',
      effect: 'write',
      does: lift
        ? 'Gives every file and folder of the store the rights it had.'
        : 'Takes the right to write from every file of the store and from their folders, and keeps the digest of each.',
      text: store.path,
      undo: lift ? 'the fence is put again' : 'the rights are given back, at any time',
    }),
    take: () => told(takeFileFence(store, record)),
    lift: () => told(liftFileFence(store, record)),
    read: () => told(readFileFence(store, record)),
  };
}
