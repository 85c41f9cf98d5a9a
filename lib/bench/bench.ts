import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { postgresAccount } from '@/lib/launcher/account.mjs';
import { openKeptCluster } from '@/lib/launcher/cluster.mjs';
import { findPostgres } from '@/lib/launcher/find-postgres.mjs';
import { type Data, makeData, type Sizes } from './make-data';

/** What every technique works with. */
export type Bench = {
  folder: string;
  /** Readable and writable for the server's account. */
  serverFolder: string;
  clusterFolder: string;
  dsn: string;
  sizes: Sizes;
  data: Data;
  childFile: string;
};

const root = join(import.meta.dirname, '..', '..');

/** Data, a private cluster with a server's usual settings, and ours as it is shipped (bundled). */
export async function openBench(folder: string, sizes: Sizes): Promise<{ bench: Bench; close(): Promise<void> }> {
  const tools = findPostgres();
  if (!tools) throw new Error('PostgreSQL was not found; PG_BIN_DIR names a folder of your own.');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
  const data = makeData(join(folder, 'data'), sizes);
  const childFile = join(root, '.build', 'bench-child.mjs');
  await build({
    entryPoints: [join(root, 'lib/bench/child.ts')],
    outfile: childFile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    tsconfig: join(root, 'tsconfig.json'),
    absWorkingDir: root,
    logLevel: 'warning',
  });
  const serverFolder = join(folder, 'server-files');
  mkdirSync(serverFolder, { recursive: true });
  chmodSync(serverFolder, 0o777);
  const clusterFolder = join(folder, 'cluster');
  rmSync(clusterFolder, { recursive: true, force: true });
  mkdirSync(clusterFolder, { mode: 0o711 });
  const cluster = await openKeptCluster({
    dir: clusterFolder,
    binDir: tools.binDir,
    account: postgresAccount(),
    settings: { max_wal_size: '8GB', shared_buffers: '128MB', checkpoint_timeout: '30min' },
  });
  const bench = { folder, serverFolder, clusterFolder, dsn: cluster.dsn, sizes, data, childFile };
  const close = async () => {
    await cluster.close();
    rmSync(serverFolder, { recursive: true, force: true });
    rmSync(clusterFolder, { recursive: true, force: true });
  };
  return { bench, close };
}

export const commitOf = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};
