import { existsSync, statSync } from 'node:fs';
import pg from 'pg';
import { expect, it } from 'vitest';
import { createDatabase, tempDir } from '@/lib/testing/databases';

const ask = async (dsn: string, sql: string) => {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
};

it('gives two calls of one name two databases, owned by an account without superuser rights', async () => {
  const [one, two] = await Promise.all([createDatabase('same'), createDatabase('same')]);
  expect(one.name).not.toBe(two.name);
  await ask(one.dsn, 'create table t (id int)');
  expect(await ask(two.dsn, "select to_regclass('public.t') as t")).toEqual({ t: null });
  expect(await ask(one.dsn, 'select usesuper from pg_user where usename = current_user')).toEqual({ usesuper: false });
  await Promise.all([one.drop(), two.drop()]);
  await expect(ask(one.adminDsn, 'select 1')).rejects.toThrow(/does not exist/);
});

let folder = '';
it('gives a folder that only its owner can enter', () => {
  folder = tempDir('mine');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});
it('removes that folder when its test has finished', () => {
  expect(folder).not.toBe('');
  expect(existsSync(folder)).toBe(false);
});
