import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Clock ticks a second in /proc, the same on every Linux that Node runs on. */
const ticks = 100;

/** Processor seconds of all sessions of the cluster that have ended; null where /proc does not tell. Unlike wall time it hardly
 *  depends on what else the machine is doing. */
export async function endedSessionsCpu(clusterFolder: string, dsn: string): Promise<number | null> {
  const pidFile = join(clusterFolder, 'pg', 'postmaster.pid');
  if (!existsSync('/proc/self/stat') || !existsSync(pidFile)) return null;
  await untilAlone(dsn);
  const pid = readFileSync(pidFile, 'utf8').split('\n')[0];
  // After the name in brackets: utime and stime of children that were waited for are fields 16 and 17 of the line.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / ticks;
}

/** A session that has said good-bye needs a moment to end. */
async function untilAlone(dsn: string): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    for (let tries = 0; tries < 100; tries += 1) {
      const { rows } = await client.query(
        "select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
      );
      if (rows[0]?.others === 0) return;
      await sleep(50);
    }
  } finally {
    await client.end();
  }
}
