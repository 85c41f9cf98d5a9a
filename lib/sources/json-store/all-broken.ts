import { CutoverError } from '@/lib/errors';
import type { RecordSet } from './store';
import type { Turns } from './turns';
import { isEmpty, type SetFiles, walkFile } from './walk-file';

const mostNamed = 10;

export const isBroken = (thrown: unknown): thrown is CutoverError =>
  thrown instanceof CutoverError && (thrown.code === 'source_not_json' || thrown.code === 'source_empty');

/** One refusal that names every file that cannot be read, and the lines of the others that are no records, so that nobody mends them one
 *  run at a time. */
export function* allBroken(
  assigned: readonly SetFiles[],
  sets: readonly RecordSet[],
  first: CutoverError,
): Turns<CutoverError> {
  const broken = new Map<string, CutoverError>();
  const lines = new Set<string>();
  for (const { set, files } of assigned)
    for (const { file } of files) {
      if (broken.has(file.name)) continue;
      try {
        if (isEmpty(file, set, [])) continue;
        yield* walkFile(set, sets, file, {
          record: () => undefined,
          broken: ({ line }) => void lines.add(`${file.name} line ${line}`),
          unread: () => undefined,
        });
      } catch (thrown) {
        if (!isBroken(thrown)) throw thrown;
        broken.set(file.name, thrown);
      }
    }
  if (broken.size < 2 && lines.size === 0) return first;
  const named = [...broken.values()].slice(0, mostNamed).map(({ message }) => message);
  const more = broken.size - named.length;
  const files =
    broken.size < 2
      ? first.message
      : `${broken.size} files cannot be read. ${named.join(' ')}${more ? ` And ${more} more.` : ''}`;
  return new CutoverError({
    code: first.code,
    message: `${files}${linesWords([...lines])}`,
    advice: first.advice,
    facts: { ...first.facts, files: [...broken.keys()] },
  });
}

/** Each is a finding, which a person may decide on before every file can be read. */
function linesWords(lines: string[]): string {
  if (!lines.length) return '';
  const more = lines.length - mostNamed;
  return ` Besides, no record can be read from ${lines.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more lines` : ''}: each is told as a finding, beside those of the values that could be read.`;
}
