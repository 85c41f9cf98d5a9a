import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import type { ProfileEntry, SqliteFilesSource } from './schema';

type Source = ProfileEntry['source'];

/** Files and folders that a source lies in, as the fleet file names them; none where the live schema is the source. */
export function sourceFiles(source: Source): string[] {
  if (source.kind === 'target-schema') return [];
  return source.kind === 'sqlite-files' ? Object.values(movedFiles(source)) : [source.path];
}

/** Name → full path of the files that a cutover moves: all, or those of the surfaces it was planned for. */
export const movedFiles = (source: SqliteFilesSource, surfaces?: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(source.files)
      .filter(([, { surface }]) => !surfaces || surface === undefined || surfaces.includes(surface))
      .map(([name, { file }]) => [name, path.resolve(source.path, file)]),
  );

/** Files of the profile that are not moved, each with why: excluded ones, and those of surfaces that stay for now. */
export function stayingFiles(
  source: SqliteFilesSource,
  surfaces?: readonly string[],
): Record<string, { path: string; why: string }> {
  const moved = movedFiles(source, surfaces);
  const later = Object.entries(source.files)
    .filter(([name]) => !Object.hasOwn(moved, name))
    .map(
      ([name, { file, surface }]) => [name, { file, why: `surface ${surface} is not part of this cutover.` }] as const,
    );
  return Object.fromEntries(
    [...Object.entries(source.excluded), ...later].map(([name, { file, why }]) => [
      name,
      { path: path.resolve(source.path, file), why },
    ]),
  );
}

/** True when two profiles read the same file. */
export const shareSource = (one: Source, other: Source): boolean => {
  const files = sourceFiles(one).map((file) => path.resolve(file));
  return sourceFiles(other).some((file) => files.includes(path.resolve(file)));
};

/** What a person reads as the source of a profile. */
export const sourceWords = ({ source, target }: Pick<ProfileEntry, 'source' | 'target'>): string =>
  sourceFiles(source).join(', ') || `schema ${target.schema}`;

/** The one file or folder of a source. @throws CutoverError runbook_invalid where the live schema is the source */
export function sourceFile(source: Source): string {
  const [file] = sourceFiles(source);
  if (file !== undefined) return file;
  throw new CutoverError({
    code: 'runbook_invalid',
    message: 'This step reads a source file, and the source of this profile is its live schema.',
    advice: 'Take the step out of the runbook, or give the profile a source with a path in the fleet file.',
  });
}
