import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { canEnter, postgresAccount } from '@/lib/launcher/account.mjs';
import { Cluster } from '@/lib/launcher/cluster.mjs';
import { findPostgres } from '@/lib/launcher/find-postgres.mjs';
import { homeFolder, readJson, writeWhole } from './data-home';

/** A PostgreSQL of its own, on a free port of 127.0.0.1 and in a folder of its own. */
export type ScratchServer = { dir: string; port: number; dsn: string };
type Kept = { dir: string; binDir: string };

const recordFile = (name: string): string => path.join(homeFolder('scratch'), `${name}.json`);
// Nothing of it outlives the check, so no write waits for the disk.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '40' };

const clusterAt = ({ dir, binDir }: Kept) =>
  new Cluster({ dir, binDir, account: postgresAccount() as never, settings: settings as never });

/**
 * Starts it under a name of the caller's; one of that name that was left behind is removed first. About three seconds.
 * @throws CutoverError tool_missing where only client tools are installed; tool_failed with what PostgreSQL said
 */
export async function startScratchServer(name: string): Promise<ScratchServer> {
  removeScratchServer(name);
  const tools = findPostgres();
  if (!tools)
    throw new CutoverError({
      code: 'tool_missing',
      message: 'PostgreSQL’s server programs (initdb, pg_ctl, postgres) are not on this host.',
      advice:
        'Install the server package (no cluster of it need run) or set PG_BIN_DIR; or let the step use a database of the target server (scratch: { on: target }).',
    });
  const made = { dir: newFolder(), binDir: tools.binDir };
  // On record before anything runs: whatever is killed from here on is found by its name.
  await writeWhole(recordFile(name), JSON.stringify(made), 0o600);
  const cluster = clusterAt(made);
  try {
    await cluster.open();
  } catch (thrown) {
    removeScratchServer(name);
    throw new CutoverError(
      {
        code: 'tool_failed',
        message: thrown instanceof Error ? thrown.message : String(thrown),
        advice: 'See that the disk has room and that an account other than root may run PostgreSQL here, then retry.',
        retry: 'later',
      },
      { cause: thrown },
    );
  }
  return { dir: made.dir, port: Number(new URL(cluster.dsn()).port), dsn: cluster.dsn() };
}

/** Stops it and removes its folder. Safe to repeat. @returns whether there was one */
export function removeScratchServer(name: string): boolean {
  const made = readJson<Kept>(recordFile(name));
  if (!made) return false;
  if (existsSync(made.dir)) clusterAt(made).stop('immediate');
  rmSync(made.dir, { recursive: true, force: true });
  rmSync(recordFile(name), { force: true });
  return true;
}

/** Whether anything takes connections on this port of 127.0.0.1. */
export const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });

/** PostgreSQL runs as an account that has to pass through every parent of its folder. */
function newFolder(): string {
  const account = postgresAccount() as never;
  const home = homeFolder('scratch');
  if (account && canEnter(path.dirname(home), account)) chmodSync(home, 0o711);
  const parent = [home, tmpdir()].find((folder) => canEnter(folder, account)) ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(path.join(parent, 'cutover-scratch-'));
  chmodSync(dir, 0o711);
  return dir;
}
