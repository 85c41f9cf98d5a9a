import { existsSync } from 'node:fs';
import pg from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import { isListening, removeScratchServer, startScratchServer } from './scratch-server';

const ask = async (dsn: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: dsn });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows;
};

it('gives an empty PostgreSQL of its own, removes one left behind under the same name, and leaves nothing', async () => {
  vi.stubEnv('CUTOVER_HOME', tempDir('scratch-home'));
  onTestFinished(() => {
    removeScratchServer('smoke-1');
    vi.unstubAllEnvs();
  });
  const left = await startScratchServer('smoke-1');
  await ask(left.dsn, 'create table left_behind (id int)');
  // As after a SIGKILL of the step: nothing has ended it, and the step is tried again.
  const fresh = await startScratchServer('smoke-1');
  expect([existsSync(left.dir), existsSync(fresh.dir), await isListening(fresh.port)]).toEqual([false, true, true]);
  expect(await ask(fresh.dsn, "select relname from pg_class where relname = 'left_behind'")).toEqual([]);
  expect([removeScratchServer('smoke-1'), removeScratchServer('smoke-1')]).toEqual([true, false]);
  expect([existsSync(fresh.dir), await isListening(fresh.port)]).toEqual([false, false]);
}, 60_000);
