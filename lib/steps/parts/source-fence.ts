import {
  fenceSql,
  type FenceReading,
  liftFence,
  readFence,
  readSource,
  type SqliteLocation,
  takeFence,
  unfenceSql,
} from '@/lib/dataplane';
import { movedFiles, sourceFile } from '@/lib/fleet/source-files';
import { CutoverError } from '@/lib/errors';
import type { StepContext } from '@/lib/steps/step';
import { scopeOf } from './places';

/** Files of the source that can refuse writes: those that the cutover moves, or the named ones of them. Of a source that
 *  keeps no rows in SQLite, none. @throws CutoverError runbook_invalid for a name that is no file of it */
export function fenceable({ profile, runbook, step, allowedRoots }: StepContext, names?: readonly string[]) {
  const { source } = profile;
  if (source.kind === 'sqlite-file') return [{ path: sourceFile(source), allowedRoots }];
  if (source.kind !== 'sqlite-files') return [];
  const moved = movedFiles(source, runbook.surfaces);
  const strange = names?.filter((name) => !Object.hasOwn(source.files, name)) ?? [];
  if (strange.length)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${step.id} names ${strange.join(', ')}, which is no moved file of ${profile.source_id}.`,
      advice: `Its files: ${Object.keys(source.files).join(', ')}.`,
    });
  return Object.entries(moved)
    .filter(([name]) => !names || names.includes(name))
    .map(([, path]): SqliteLocation => ({ path, allowedRoots }));
}

/** The same, for a step that must fence. @throws CutoverError fence_failed for a store that cannot refuse a write */
export function fencedFiles(ctx: StepContext, names?: readonly string[]): SqliteLocation[] {
  const files = fenceable(ctx, names);
  if (files.length) return files;
  const { source } = ctx.profile;
  throw new CutoverError({
    code: 'fence_failed',
    message:
      source.kind === 'json-store'
        ? `${source.path} is a store of JSON files; files cannot refuse a write.`
        : `Profile ${ctx.profile.source_id} has no SQLite file that could refuse a write.`,
    advice: 'Take the fence step out of the runbook and hold or stop the service in its freeze step.',
  });
}

/** Statements of the fence, or of its end, file by file. */
export function fenceText(ctx: StepContext, files: readonly SqliteLocation[], lift: boolean): string {
  return files
    .map((file) => {
      const schema = readSource(file, scopeOf(ctx));
      const sql = (lift ? unfenceSql : fenceSql)(schema, scopeOf(ctx)).join(';\n');
      return files.length > 1 ? `-- ${file.path}\n${sql}` : sql;
    })
    .join('\n');
}

export const takeFences = (ctx: StepContext, files: readonly SqliteLocation[]): FenceReading =>
  together(files.map((file) => takeFence(file, scopeOf(ctx))));

export const liftFences = (ctx: StepContext, files: readonly SqliteLocation[]): FenceReading =>
  together(files.map((file) => liftFence(file, scopeOf(ctx))));

export const readFences = (ctx: StepContext, files: readonly SqliteLocation[]): FenceReading =>
  together(files.map((file) => readFence(file, scopeOf(ctx))));

function together(readings: readonly FenceReading[]): FenceReading {
  const states = new Set(readings.map(({ state }) => state));
  const all = (of: (reading: FenceReading) => string[]): string[] => readings.flatMap(of);
  return {
    state: states.size > 1 ? 'partial' : ([...states][0] ?? 'absent'),
    triggers: all(({ triggers }) => triggers),
    missing: all(({ missing }) => missing),
    unguarded: all(({ unguarded }) => unguarded),
    sql: all(({ sql }) => sql),
    undo: all(({ undo }) => undo),
  };
}
