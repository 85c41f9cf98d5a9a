import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import type { ProfileEntry } from './schema';

type Source = ProfileEntry['source'];

/** Files and folders that a source lies in, as the fleet file names them; none where the live schema is the source. */
export const sourceFiles = (source: Source): string[] => (source.kind === 'target-schema' ? [] : [source.path]);

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
