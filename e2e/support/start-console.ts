import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Console } from '../../lib/launcher/console.mjs';
import { findPostgres } from '../../lib/launcher/find-postgres.mjs';
import { freePort } from '../../lib/launcher/free-port.mjs';
import { scratchHome } from '../../lib/launcher/home.mjs';

/** Playwright's global set-up: a whole console with the demo fleet in a folder of its own; everything is gone afterwards. */
export default async function startConsole(): Promise<() => Promise<void>> {
  // A console that runs already (both variables given) is used as it is: seconds instead of a minute while writing a spec.
  if (process.env.CUTOVER_E2E_URL && process.env.CUTOVER_E2E_HOME) return async () => {};
  const tools = findPostgres();
  if (!tools)
    throw new Error(
      'PostgreSQL was not found: start the browser tests through `npm test`, which installs it or says how.',
    );
  const home = scratchHome('e2e');
  const failpoints = join(home, 'failpoints');
  mkdirSync(failpoints);
  const started = new Console({
    home,
    demo: true,
    // The pictures show real sizes; a proof does not grow with them.
    small: process.env.CUTOVER_SHOTS !== '1',
    systems: systemsOf(),
    users: process.env.CUTOVER_E2E_USERS === '1',
    throwAway: true,
    binDir: tools.binDir,
    port: await freePort(),
    failpoints,
  });
  try {
    await started.enter();
    await started.openClusters();
    await started.migrate();
    await started.prepareDemo();
    await started.cli(['demo-accounts']);
    await started.run();
  } catch (error) {
    await started.stop();
    throw error;
  }
  // Specs run in processes of their own: they learn of the console by these.
  process.env.CUTOVER_E2E_URL = started.url;
  process.env.CUTOVER_E2E_HOME = home;
  process.env.CUTOVER_E2E_TARGET = started.clusters.target?.dsn() ?? '';
  process.env.CUTOVER_E2E_CONTROL = started.databaseUrl;
  return async () => {
    const log = join(home, 'log', 'web.log');
    if (process.env.CUTOVER_E2E_KEEP_LOGS && existsSync(log)) {
      const { cpSync } = await import('node:fs');
      cpSync(join(home, 'log'), process.env.CUTOVER_E2E_KEEP_LOGS, { recursive: true });
    }
    await started.stop();
  };
}

/** The long walks and the pictures have all systems; the others ask for sx alone, and start a third of the processes. */
function systemsOf(): string[] | undefined {
  if (process.env.CUTOVER_E2E_SYSTEMS) return process.env.CUTOVER_E2E_SYSTEMS.split(',');
  return process.env.CUTOVER_LONG === '1' || process.env.CUTOVER_SHOTS === '1' ? undefined : ['sx'];
}
