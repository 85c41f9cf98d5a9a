import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../prepare-files.mjs';

/**
 * What every system prepares once a service: folders, its data, and its env file. What is there stays as it is.
 * @param {{home: string, folders?: string[], services: {name: string, make: () => string | null | Promise<string | null>, envText: () => string}[],
 *   report: (text: string) => void}} options folders: below `home/fleet`; `make` says what it made, or null
 */
export async function prepareServices({ home, folders = [], services, report }) {
  for (const folder of [...folders, 'env', 'logs'])
    mkdirSync(join(home, 'fleet', folder), { recursive: true, mode: 0o750 });
  for (const { name, make, envText } of services) {
    const made = await make();
    if (made) report(made);
    const envFile = join(home, 'fleet/env', `${name}.env`);
    // An existing one tells which backend its service is on.
    if (!existsSync(envFile)) writeWhole(envFile, envText(), 0o640);
  }
}
