import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from './cluster.mjs';
import { endProcesses, endServices } from './leftovers.mjs';
import { identify, isAlive, sleep } from './process-birth.mjs';

const recordOf = (home) => join(home, 'run', 'caretaker.json');

/** Stops what a console runs: its processes, the demo's services, its clusters. Safe to repeat. */
export async function stopConsole({ home, clusters, services, removeHome }) {
  await endProcesses(home);
  if (services) await endServices(home);
  for (const options of clusters) new Cluster(options).stop(removeHome ? 'immediate' : 'fast');
  if (removeHome) rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Starts the process that stops the console when this one is gone, however it went. */
export function startCaretaker(options) {
  const child = spawn(process.execPath, [import.meta.filename], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  writeFileSync(recordOf(options.home), JSON.stringify(identify(child.pid)), { mode: 0o600 });
  child.send(options);
  child.unref();
  child.channel?.unref();
  return () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', resolve);
      child.ref();
      child.disconnect();
    });
}

/** A killed launcher's caretaker may still be stopping things in this folder: let it finish first. */
export async function waitForCaretaker(home) {
  if (!existsSync(recordOf(home))) return;
  const record = JSON.parse(readFileSync(recordOf(home), 'utf8'));
  for (let waited = 0; waited < 40_000 && isAlive(record); waited += 100) await sleep(100);
}

if (process.argv[1] === import.meta.filename) {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
  process.once('message', (options) => {
    process.on('disconnect', async () => {
      await stopConsole(options);
      process.exit(0);
    });
  });
}
