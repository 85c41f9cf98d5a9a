import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fixture } from '@/lib/testing/dataplane-fixture';
import { connectTarget, inTransaction } from './connect-target';
import { CopyIn } from './copy-in';
import { copyOut } from './copy-out';

test('values larger than a message and than many chunks arrive whole, both ways', { timeout: 60_000 }, async () => {
  const f = await fixture('large values', {
    sqlite: `create table t (id integer primary key, b blob, t text);
      insert into t values (1, randomblob(5000000), null), (2, x'', ''), (3, zeroblob(4200001), cast(hex(randomblob(1000000)) as text)), (4, x'01', 'after')`,
    target: 'create table t (id int8 primary key, b bytea, t text)',
  });
  expect(await f.load()).toMatchObject({ rows: '4' });
  const lengths = 'select id, length(b), length(t) from p.t order by id';
  expect(f.psql(lengths)).toBe(f.sqliteCli(lengths.replace('p.t', 't')));
  expect(await f.diff()).toMatchObject({ equal: '4', differing: '0' });
  await f.sql('update p.t set b = set_byte(b, 4999999, get_byte(b, 4999999) # 1) where id = 1');
  expect(await f.diff()).toMatchObject({ equal: '3', differing: '1' });
});

test('a COPY that cannot begin, or is given up, leaves the session usable', async () => {
  const f = await fixture('frames', {
    sqlite: 'create table t (id integer primary key)',
    target: 'create table t (id int8)',
  });
  const client = await connectTarget(f.database.dsn);
  try {
    await expect(CopyIn.start(client, 'copy p.nothing from stdin with (format binary)')).rejects.toMatchObject({
      code: '42P01',
    });
    const copy = await CopyIn.start(client, 'copy p.t (id) from stdin with (format binary)');
    await copy.write(Buffer.from([0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 5]));
    await copy.fail();
    expect((await client.query('select count(*) from p.t')).rows).toEqual([{ count: '0' }]);
    const broken = copyOut(
      client,
      'copy (select 1 / (3 - n) from generate_series(1, 5) n) to stdout with (format binary)',
    );
    await expect(
      (async () => {
        for await (const _ of broken);
      })(),
    ).rejects.toMatchObject({ code: '22012' });
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: '1' }]);
  } finally {
    await client.end();
  }
});

test('who leaves a stream of rows before its end is not held up by the server', async () => {
  const f = await fixture('left', {
    sqlite: 'create table t (id integer primary key)',
    target: 'create table t (id int8)',
  });
  const client = await connectTarget(f.database.dsn);
  const rows =
    'copy (select n, repeat(md5(n::text), 30) from generate_series(1, 200000) n) to stdout with (format binary)';
  const leave = inTransaction(client, async () => {
    for await (const { count } of copyOut(client, rows)) throw new Error(`left after ${count > 0}`);
  });
  await expect(leave).rejects.toThrow('left after true');
  await client.end();
});

test('a session that reads much gives the same rows out of a few pieces of memory', async () => {
  const f = await fixture('pieces', {
    sqlite: 'create table t (id integer primary key)',
    target: 'create table t (id int8)',
  });
  const read = async (reading: boolean) => {
    const client = await connectTarget(f.database.dsn, reading);
    const memory = new Set<ArrayBufferLike>();
    const digest = createHash('sha256');
    let rows = 0;
    const sql = `copy (select n, repeat(md5(n::text), 1 + case when n % 500 = 0 then 30000 else n % 40 end) from generate_series(1, 60000) n) to stdout with (format binary)`;
    for await (const { bytes, count, starts, ends } of copyOut(client, sql)) {
      if (count > 1) memory.add(bytes.buffer);
      for (let i = 0; i < count; i += 1) digest.update(bytes.subarray(starts[i], ends[i]));
      rows += count;
      if (rows % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: '1' }]);
    await client.end();
    return { rows, digest: digest.digest('hex'), pieces: memory.size };
  };
  const [usual, quick] = [await read(false), await read(true)];
  expect(quick).toMatchObject({ rows: 60_000, digest: usual.digest });
  expect(usual.pieces).toBeGreaterThan(200);
  // The window is 8 MB of pieces of 256 KB, and what one reading of the socket may bring beyond it.
  expect(quick.pieces).toBeLessThan(100);
});
