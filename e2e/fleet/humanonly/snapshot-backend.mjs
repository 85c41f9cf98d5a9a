import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ConfigError } from '../parts/errors.mjs';
import { TABLE_NAMES } from './ddl.mjs';

/** A seed or a JSON store: `{ users, posts, reports, appeals }`. */
export function readSnapshot(file) {
  const data = JSON.parse(readFileSync(file, 'utf8'));
  return Object.fromEntries(TABLE_NAMES.map((table) => [table, data[table] ?? []]));
}

/** The older store: one JSON file, written whole at each change. */
export async function openSnapshotBackend(config, store) {
  const file = config.dataFile;
  if (!file) throw new ConfigError('HUMANONLY_DATA_FILE is not set; HUMANONLY_STORAGE_BACKEND=json-snapshot needs it.');
  return {
    name: 'json-snapshot',
    hydratesLate: false,
    load: async () => (existsSync(file) ? readSnapshot(file) : store.toData()),
    async flush() {
      writeFileSync(`${file}.partial`, JSON.stringify(store.toData()));
      renameSync(`${file}.partial`, file);
    },
    async close() {},
  };
}
