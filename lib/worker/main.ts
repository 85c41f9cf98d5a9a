import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { controlPlaneUrl } from '@/db/client';
import { pruneHistory } from '@/db/queries/profile/prune-history';
import { writeAuditCheckpoint } from '@/lib/audit/checkpoint';
import { currentFleet } from '@/lib/fleet/load';
import { homeFolder } from '@/lib/services/data-home';
import { checkMachine } from './check-machine';
import { dropOldSnapshots } from './drop-old-snapshots';
import { every } from './every';
import { importActs } from './import-acts';
import { pollProfiles } from './poll-profiles';
import { readSecrets } from './read-secrets';
import { startWorker } from './start-worker';

const home = homeFolder();
const childPath = path.join(path.dirname(fileURLToPath(import.meta.url)), 'step-child.mjs');
if (!existsSync(childPath)) throw new Error(`${childPath} is missing: build first`);

/** A fleet file with a mistake stops no attempt: cutovers have their entry pinned. */
function allowedRoots(): string[] {
  try {
    return currentFleet().file.allowed_roots;
  } catch {
    return [];
  }
}
function systems() {
  try {
    return currentFleet().systems;
  } catch {
    return [];
  }
}

const worker = await startWorker({
  url: controlPlaneUrl(),
  home,
  childPath,
  secrets: () => readSecrets(),
  allowedRoots,
  leave: (code) => process.exit(code),
});
const { db } = worker.env;
const stops = [
  checkMachine(worker.env, controlPlaneUrl(), systems),
  pollProfiles(worker.env),
  every(3_000, 'acts made outside', () => importActs(db, home)),
  every(30_000, 'audit checkpoint', () => writeAuditCheckpoint(db, home)),
  every(6 * 3_600_000, 'pruning', () => pruneHistory(db)),
  every(600_000, 'retention of snapshots', () => dropOldSnapshots(db, home)),
];
console.log(`worker ${worker.env.id} is ready`);

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  for (const stop of stops) stop();
  setTimeout(() => process.exit(0), 4_000).unref();
  await worker.stop();
  process.exit(0);
}
process.on('SIGTERM', () => {
  void end();
});
process.on('SIGINT', () => {
  void end();
});
// The launcher's channel: gone with it, however it ended.
process.on('disconnect', () => {
  void end();
});
