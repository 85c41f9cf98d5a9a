import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { end, isAlive } from './process-birth.mjs';

const recordsIn = (folder, suffix) =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith(suffix))
    .flatMap((name) => {
      try {
        return [{ file: join(folder, name), ...JSON.parse(readFileSync(join(folder, name), 'utf8')) }];
      } catch {
        return [];
      }
    });

/** Ends the console's own processes that are on record in a data folder, e.g. one stopped by SIGSTOP when its launcher died. */
export async function endProcesses(home) {
  await Promise.all(
    recordsIn(join(home, 'run'), '.process.json').map(async (record) => {
      await end(record, { graceSeconds: 10 });
      rmSync(record.file, { force: true });
    }),
  );
}

/** Ends the services that the console supervises. For the demo only: services of one's own fleet outlive the console. */
export async function endServices(home) {
  const services = recordsIn(join(home, 'services'), '.json').filter(isAlive);
  await Promise.all(services.map((record) => end(record, { group: true, graceSeconds: 5 })));
}
