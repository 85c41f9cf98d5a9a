import { existsSync } from 'node:fs';
import path from 'node:path';
import { withSqlite } from '@/lib/sources/sqlite-file';
import { digestOf } from './copy-files';
import { listStore, signatureOf } from './list-files';
import { type JsonStore, settingsOf } from './store';

/** A staging file that a step has made and proven, with the SHA-256 it had then. */
export type KnownStaging = { path: string; sha256: string };
type Staged = { name: string; bytes: bigint; sha256: string };

/** Whether a staging file is what staging the live store now would give: the same settings, the same files, every byte of them, and
 *  itself as it was proven. Reading all bytes costs a fraction of staging them. */
export function isStagingOf({ path: file, sha256 }: KnownStaging, store: JsonStore): boolean {
  if (!existsSync(file)) return false;
  const staged = readStaged(file, store);
  const { files } = listStore(store.path, store.allowedRoots);
  const sameFiles =
    staged?.length === files.length &&
    files.every(({ name, stat }, i) => staged[i]?.name === name && staged[i]?.bytes === stat.size) &&
    files.every((one, i) => digestOf(one.path) === staged[i]?.sha256);
  if (!sameFiles || digestOf(file) !== sha256) return false;
  // Nothing was written while the bytes were read.
  const after = listStore(store.path, store.allowedRoots).files.map(signatureOf);
  return after.length === files.length && files.every((one, i) => signatureOf(one) === after[i]);
}

/** The files it was made from, in name order; null where it was made by other settings. */
const readStaged = (file: string, store: JsonStore): Staged[] | null =>
  withSqlite({ path: file, allowedRoots: [path.dirname(file)] }, ({ db }) => {
    const table = db.prepare("select 1 from sqlite_schema where name = 'cutover_json_made'").get();
    const settings = table && db.prepare('select settings from cutover_json_made').pluck().get();
    if (settings !== settingsOf(store)) return null;
    return db.prepare('select name, bytes, sha256 from cutover_json_files order by id').all() as Staged[];
  });
