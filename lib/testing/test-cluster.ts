import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresAccount } from '@/lib/launcher/account.mjs';
import { openKeptCluster } from '@/lib/launcher/cluster.mjs';
import { findPostgres } from '@/lib/launcher/find-postgres.mjs';

/** Vitest's global set-up: one throw-away cluster a run, gone with the run however it ends. */
export default async function setup(): Promise<() => Promise<void>> {
  const tools = findPostgres();
  if (!tools)
    throw new Error(
      'PostgreSQL was not found: `npm test` installs it or says how; PG_BIN_DIR names a folder of your own.',
    );
  process.env.PG_BIN_DIR = tools.binDir;
  const folder = mkdtempSync(join(tmpdir(), 'cutover-test-'));
  process.env.CUTOVER_TEST_FOLDER = folder;
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  if (process.env.CUTOVER_TEST_CLUSTER) return async () => removeFolder();
  const dir = mkdtempSync(join(tmpdir(), 'cutover-cluster-'));
  chmodSync(dir, 0o711);
  const cluster = await openKeptCluster({
    dir,
    binDir: tools.binDir,
    account: postgresAccount(),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  process.env.CUTOVER_TEST_CLUSTER = cluster.dsn;
  return async () => {
    await cluster.close();
    removeFolder();
  };
}
