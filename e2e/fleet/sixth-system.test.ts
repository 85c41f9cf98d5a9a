import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTarget } from '@/lib/dataplane';
import { freePort } from '@/lib/launcher/free-port.mjs';
import { callService } from '@/lib/services/http';
import { startManaged, stopManaged } from '@/lib/services/managed-process';
import { waitReady } from '@/lib/services/restart';
import { createDatabase, tempDir, type TestDatabase } from '@/lib/testing/databases';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';

const forward = ['preflight', 'snapshot-source', 'snapshot-target', 'bootstrap', 'import', 'row-diff', 'smoke'];
const switching = ['freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary', 'thaw'];
const back = ['rollback-freeze', 'rollback-switch', 'rollback-unfence', 'rollback-verify', 'rollback-thaw'];

/** The house's file as its service would have made it: 64-bit ids of guests, a NULL, emoji, an empty text. */
function makeFile(file: string): void {
  const db = new Database(file);
  db.exec(`create table bookings (id text primary key, guest text not null, seats integer, paid integer not null default 0);
    insert into bookings 
      with recursive c(i) as (select 1 union all select i + 1 from c where i < 300) select printf('b-%04d', i), 'guest ' || i || ' ☕', i % 9 + 1, i % 2 from c;
    insert into bookings values ('odd', '', null, 9007199254740993)`);
  db.close();
}

describe('a sixth system, from its files alone', () => {
  let home: string;
  let database: TestDatabase;
  let walk: Walk;
  let url: string;
  const secretsOf = () => ({ HARBOUR_DSN: database.dsn, BOOKINGS_TOKEN: 'token' }) as Record<string, string>;
  const book = (id: string, guest: string) =>
    callService(url, { method: 'PUT', path: `/bookings/${id}`, json: { guest, seats: 4, paid: 1 } });
  const service = () => walk.fleet.find('bookings', 'harbour').service ?? Promise.reject(new Error('no service'));
  const runAll = (ids: string[]) => {
    for (const id of ids) it(`${id} passes`, async () => expect(notPassed(await walk.run(id))).toEqual([]), 60_000);
  };

  beforeAll(async () => {
    home = tempDir('sixth');
    database = await createDatabase('sixth');
    const port = String(await freePort());
    Object.assign(process.env, {
      CUTOVER_HOME: home,
      SIXTH_HOME: home,
      SIXTH_PORT: port,
      SIXTH_REPO: process.cwd(),
      SIXTH_NODE: process.execPath,
    });
    makeFile(path.join(home, 'bookings.db'));
    writeFileSync(
      path.join(home, 'bookings.env'),
      `BOOKINGS_BACKEND=sqlite\nBOOKINGS_FILE=${home}/bookings.db\nBOOKINGS_SCHEMA=harbour\n`,
    );
    const secretsFile = path.join(home, 'secrets.env');
    writeFileSync(
      secretsFile,
      Object.entries(secretsOf())
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const fleetFile = path.resolve('e2e/fixtures/sixth-system/fleet.yaml');
    walk = openWalk({ home, fleetFile, secretsFile, system: 'bookings', sourceId: 'harbour' });
    url = `http://127.0.0.1:${port}`;
    await startManaged(await service(), (name) => secretsOf()[name] ?? '');
    await waitReady(await service(), { headers: {} });
  }, 60_000);
  afterAll(async () => {
    if (walk) await stopManaged(await service());
    await database?.drop();
  });

  runAll(forward);

  it('takes a guest who books while the copy is compared', async () => {
    expect((await book('late', 'came late')).status).toBe(200);
  });

  runAll(switching);

  it('serves from PostgreSQL, with the late booking and every odd value, and the file takes no more', async () => {
    expect((await callService(url, { path: '/health' })).json).toMatchObject({ store: 'pg', bookings: 302 });
    expect((await book('after', 'on the server')).status).toBe(200);
    const rows = await withTarget(
      database.dsn,
      async (client) =>
        (
          await client.query(
            "select id, guest, seats, paid from harbour.bookings where id in ('late', 'odd') order by id",
          )
        ).rows,
    );
    expect(rows).toEqual([
      { id: 'late', guest: 'came late', seats: '4', paid: '1' },
      { id: 'odd', guest: '', seats: null, paid: '9007199254740993' },
    ]);
    const db = new Database(path.join(home, 'bookings.db'));
    expect(() => db.exec("update bookings set paid = 1 where id = 'late'")).toThrow(/fence/);
    db.close();
  });

  runAll(back);

  it('is back on its file, which takes bookings again', async () => {
    expect((await callService(url, { path: '/health' })).json).toMatchObject({ store: 'sqlite', bookings: 302 });
    expect((await book('home', 'back again')).status).toBe(200);
  });
});
