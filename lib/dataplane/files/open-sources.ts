import { statSync } from 'node:fs';
import { CutoverError } from '@/lib/errors';
import { openSqliteFile } from '@/lib/sources/sqlite-file';
import { sqliteError } from '@/lib/sources/sqlite-errors';
import { digestFile } from '@/lib/sources/sqlite-snapshot';
import type { NamedSource } from './files-types';
import type { Manifest } from './manifest';
import type { OpenSource } from './plan-export';

/** Opens the copies, each proven to be the one that is named. @throws CutoverError export_source_differs | source_* */
export async function withSources<T>(
  sources: readonly NamedSource[],
  work: (opened: OpenSource[], entries: Manifest['sources']) => Promise<T>,
): Promise<T> {
  requireNames(sources);
  const opened: OpenSource[] = [];
  try {
    for (const source of sources) {
      const found = await digestFile(source.location.path);
      if (found !== source.sha256)
        throw new CutoverError({
          code: 'export_source_differs',
          message: `The copy of ${source.name} has the digest ${found}; recorded was ${source.sha256}.`,
          advice: 'Somebody has written into the copy. Begin a new export in an empty folder.',
          facts: { source: source.name, found, recorded: source.sha256 },
        });
      opened.push({ source, file: openSqliteFile(source.location) });
    }
    const entries = opened.map(({ source, file }) => ({
      name: source.name,
      sha256: source.sha256,
      bytes: statSync(file.path).size,
      encoding: file.encoding,
      user_version: Number(file.db.pragma('user_version', { simple: true })),
      prefix: source.prefix ?? '',
    }));
    const result = await work(opened, entries);
    for (const { file } of opened) file.close();
    return result;
  } catch (thrown) {
    for (const { file } of opened) if (file.db.open) file.db.close();
    throw sqliteError(thrown, opened.at(-1)?.source.name ?? 'the source');
  }
}

function requireNames(sources: readonly NamedSource[]): void {
  const names = sources.map(({ name }) => name);
  const wrong = names.find((name, i) => !name || /[/\\]/.test(name) || names.indexOf(name) !== i);
  if (!sources.length || wrong !== undefined)
    throw new CutoverError({
      code: 'input_invalid',
      message: sources.length
        ? `'${wrong}' does not name one source: names are short, without /, and each occurs once.`
        : 'No source is named.',
      advice: 'Name each source: name=file.',
    });
}
