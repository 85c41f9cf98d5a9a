import { CutoverError } from '@/lib/errors';
import type { RecordSet } from './store';
import { isEmpty, type SetFiles, walkFile } from './walk-file';

const mostNamed = 10;

export const isBroken = (thrown: unknown): thrown is CutoverError =>
  thrown instanceof CutoverError && (thrown.code === 'source_not_json' || thrown.code === 'source_empty');

/** One refusal that names every file that cannot be read, so that nobody mends them one run at a time. */
export function allBroken(
  assigned: readonly SetFiles[],
  sets: readonly RecordSet[],
  first: CutoverError,
): CutoverError {
  const broken = new Map<string, CutoverError>();
  const ignore = { record: () => undefined, broken: () => undefined, unread: () => undefined };
  for (const { set, files } of assigned)
    for (const { file } of files) {
      if (broken.has(file.name)) continue;
      try {
        if (!isEmpty(file, set, [])) walkFile(set, sets, file, ignore);
      } catch (thrown) {
        if (!isBroken(thrown)) throw thrown;
        broken.set(file.name, thrown);
      }
    }
  if (broken.size < 2) return first;
  const named = [...broken.values()].slice(0, mostNamed).map(({ message }) => message);
  const more = broken.size - named.length;
  return new CutoverError({
    code: first.code,
    message: `${broken.size} files cannot be read. ${named.join(' ')}${more ? ` And ${more} more.` : ''}`,
    advice: first.advice,
    facts: { ...first.facts, files: [...broken.keys()] },
  });
}
