import path from 'node:path';
import type { StoreCopy } from './copy-files';
import { skipKey, skipSpace, skipValue, textOf } from './json-tokens';
import { JsonWindow, NotJson } from './json-window';
import { escapePointer, skipMark } from './read-records';
import type { RecordSet } from './store';

/** Record sets for a store that nobody described: one table a file, or one for a folder of files with a record each. */
export function findRecordSets({ files }: StoreCopy): RecordSet[] {
  const sets: RecordSet[] = [];
  const taken = new Set<string>();
  const add = (table: string, more: Omit<RecordSet, 'table' | 'columns'>): void => {
    let name = table;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${table}_${n}`;
    taken.add(name.toLowerCase());
    sets.push({ table: name, columns: 'auto', ...more });
  };
  const folders = new Map<string, { name: string; path: string; bytes: number }[]>();
  for (const file of files) {
    const folder = path.dirname(file.name);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  for (const [folder, own] of folders) {
    const shapes = own.map((file) => ({ file, shape: shapeOf(file) }));
    const singles = shapes.filter(({ shape }) => shape?.format === 'single');
    if (folder !== '.' && singles.length > 1 && singles.length === own.length) {
      add(path.basename(folder), { files: `${folder}/*`, format: 'single' });
      continue;
    }
    for (const { file, shape } of shapes) {
      const stem = path.basename(file.name).replace(/\.[^.]*$/, '');
      if (!shape) continue;
      if (shape.format === 'object-of-arrays')
        for (const pointer of shape.lists)
          add(shape.lists.length === 1 ? stem : `${stem}_${pointer.slice(1)}`, {
            files: exactly(file.name),
            format: shape.format,
            pointer,
          });
      else
        add(stem, {
          files: exactly(file.name),
          format: shape.format,
          ...(shape.format === 'object-map' ? { name_column: 'key', key: 'key' } : {}),
        });
    }
  }
  return sets;
}

/** A file named by itself: the one pattern character cannot be told from a `*` in a name, and fits it too. */
const exactly = (name: string): string => name;

type Shape = { format: RecordSet['format']; lists: string[] };

/** By the file’s ending and its first characters; null for what is no JSON by name. What is broken is found when it is read. */
function shapeOf({ name, path: file, bytes }: { name: string; path: string; bytes: number }): Shape | null {
  if (/\.(ndjson|jsonl)$/i.test(name)) return { format: 'ndjson', lists: [] };
  if (!/\.json$/i.test(name)) return null;
  if (!bytes) return { format: 'array', lists: [] };
  return JsonWindow.open(file, (window) => {
    try {
      skipMark(window);
      return skipSpace(window) === 0x7b ? objectShape(window) : { format: 'array', lists: [] };
    } catch (thrown) {
      if (thrown instanceof NotJson) return { format: 'single', lists: [] };
      throw thrown;
    }
  });
}

/** Members that are all objects are a map of records, lists are tables; anything else is one record. */
function objectShape(window: JsonWindow): Shape {
  const lists: string[] = [];
  const kinds = new Map<string, number>();
  window.at += 1;
  if (skipSpace(window) === 0x7d) return { format: 'object-map', lists };
  for (;;) {
    skipSpace(window);
    window.kept = window.offset;
    const { from, to } = skipKey(window, false);
    const key = textOf(window.slice(from, to));
    window.kept = null;
    const { kind } = skipValue(window, false);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (kind === 'array' && typeof key === 'string') lists.push(`/${escapePointer(key)}`);
    if (skipSpace(window) !== 0x2c) break;
    window.at += 1;
  }
  if (kinds.size === 1 && kinds.has('object')) return { format: 'object-map', lists };
  return kinds.size === 1 && kinds.has('array') ? { format: 'object-of-arrays', lists } : { format: 'single', lists };
}
