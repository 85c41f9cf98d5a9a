import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STAYS_ON_FILES } from './ddl.mjs';

/** The domains that never leave the files: an object of entries by their id, rewritten whole. */
export function openStateFiles(folder) {
  const pathOf = (domain) => join(folder, STAYS_ON_FILES[domain]);
  const read = (domain) => {
    try {
      return JSON.parse(readFileSync(pathOf(domain), 'utf8'));
    } catch {
      return {};
    }
  };
  return {
    read,
    put(domain, id, entry) {
      const all = { ...read(domain), [id]: entry };
      mkdirSync(dirname(pathOf(domain)), { recursive: true });
      writeFileSync(pathOf(domain), `${JSON.stringify(all, null, 2)}\n`);
    },
    describe: (domain) => ({ backend: 'file', storage_dir: dirname(pathOf(domain)) }),
  };
}
