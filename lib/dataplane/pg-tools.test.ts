import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { rememberSecret } from '@/lib/shared/redact';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { findPgTools, runTool } from './pg-tools';

/** Children of this process whose program is pg_dump, as the system shows them to everybody. */
function dumpsOfMine(): { argv: string; environ: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        if (parent !== process.pid || !argv.includes('pg_dump')) return [];
        return [{ argv, environ: readFileSync(`/proc/${pid}/environ`, 'utf8').replaceAll('\0', '\n') }];
      } catch {
        return [];
      }
    });
}

it.runIf(process.platform === 'linux')(
  'shows no password in arguments or environment while pg_dump runs, and removes the file that held it',
  async () => {
    const database = await testDatabase('argv');
    const { password } = new URL(database.dsn);
    rememberSecret(password);
    process.env.DATABASE_URL = 'postgres://console:own-control-plane@127.0.0.1/control';
    process.env.PGPASSWORD = 'a-password-of-the-shell';
    onTestFinished(() => {
      delete process.env.PGPASSWORD;
      delete process.env.DATABASE_URL;
    });
    const holder = new pg.Client({ connectionString: database.dsn });
    await holder.connect();
    onTestFinished(() => holder.end());
    const looker = new pg.Client({ connectionString: database.dsn });
    await looker.connect();
    onTestFinished(() => looker.end());
    await holder.query('create table held (id int)');
    await holder.query('begin; lock table held in access exclusive mode');
    const dir = tempDir('argv');
    const tools = await findPgTools(process.env.PG_BIN_DIR);
    const controller = new AbortController();
    const dumping = runTool({
      dsn: database.dsn,
      program: tools.pgDump,
      args: ['--format=custom', `--file=${join(dir, 'dump')}`],
      dir,
      signal: controller.signal,
    });
    // pg_dump waits for the lock, so it stays where it can be looked at.
    await vi.waitFor(async () => {
      const waiting = await looker.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      expect(waiting.rows).toHaveLength(1);
    }, 10_000);
    const seen = dumpsOfMine();
    const [passFile = ''] = readdirSync(dir).filter((name) => name.startsWith('.pass-'));
    expect(readFileSync(join(dir, passFile), 'utf8')).toContain(password);
    expect(statSync(join(dir, passFile)).mode & 0o777).toBe(0o600);
    await holder.query('commit');
    await dumping;
    expect(seen).toHaveLength(1);
    expect(seen[0]?.environ).toContain(`PGPASSFILE=${join(dir, passFile)}`);
    for (const secret of [password, 'own-control-plane', 'a-password-of-the-shell'])
      expect(`${seen[0]?.argv}\n${seen[0]?.environ}`).not.toContain(secret);
    expect(readdirSync(dir)).toEqual(['dump']);
  },
);
