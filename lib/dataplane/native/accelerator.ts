import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { SqliteFile } from '@/lib/sources/sqlite-file';

/** Beside the bundle that runs, or where the sources lie. */
const places = [import.meta.dirname, join(import.meta.dirname, '..', '..', '..', '.build')].map((folder) =>
  join(folder, 'copy-page.sqlite-extension'),
);
/** The row (7, 'ä'): two fields, an int4 and two bytes of text. */
const expected = '0002000000040000000700000002c3a4';

/** Why a database is read by the TypeScript encoder alone, or '' when the accelerator may be used on it. */
export function loadAccelerator({ db, encoding }: Pick<SqliteFile, 'db' | 'encoding'>): string {
  if (process.env.CUTOVER_ACCELERATOR === 'off') return 'switched off by CUTOVER_ACCELERATOR=off';
  if (encoding !== 'UTF-8') return `the file stores text as ${encoding}`;
  const file = places.find((place) => existsSync(place));
  if (!file) return 'not built: no C compiler was there at set-up';
  try {
    db.loadExtension(file);
    const page = db.prepare("select cutover_copy_page('select 7, ''ä''', 'i t', 0, 1, 1)").pluck().get() as Buffer;
    return page.subarray(0, 16).toString('hex') === expected ? '' : 'its self-test gave other bytes';
  } catch (thrown) {
    return `it cannot be loaded: ${(thrown as Error).message}`;
  }
}

/** Whether the accelerator can be used on this machine: '' or why not. */
export function acceleratorProblem(): string {
  const db = new Database(':memory:');
  try {
    return loadAccelerator({ db, encoding: 'UTF-8' });
  } finally {
    db.close();
  }
}
