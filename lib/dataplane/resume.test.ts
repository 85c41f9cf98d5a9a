import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { codeOf, fixture } from '@/lib/testing/dataplane-fixture';
import { checkImport, clearImport } from './index';

const shape = {
  sqlite: `create table parent (me text not null, id text not null, n integer, primary key (me, id));
    create table kid (me text not null, id integer primary key autoincrement, parent text, note text, foreign key (me, parent) references parent (me, id));
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 900) insert into parent select 'me', 'p' || i, i * 3 from c;
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 2500) insert into kid select 'me', i, 'p' || (i % 900 + 1), 'note ' || i from c;
    insert into parent values ('you', 'p1', 5); insert into kid values ('you', 9000, 'p1', 'not mine'); delete from kid where id = 2500;`,
  target: `create table kid (me text not null, id bigserial primary key, parent text, note text);
    create table parent (me text not null, id text not null, n int4, primary key (me, id)); alter table kid add foreign key (me, parent) references parent (me, id) not valid`,
  scopeColumn: 'me',
};

function runKilled(f: Awaited<ReturnType<typeof fixture>>, place: string, hit: number): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lib/testing/dataplane-killed-import.ts'], {
    env: { ...process.env, KILL_AT: place, KILL_HIT: String(hit), SOURCE: f.path, TARGET: f.place.dsn },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
}

test('resumes after the last committed batch when the process dies mid-table: no row lost, none doubled', {
  timeout: 60_000,
}, async () => {
  const f = await fixture('resume', shape);
  expect(await runKilled(f, 'import:after-batch', 3)).toBe('SIGKILL');
  expect(await runKilled(f, 'import:after-commit', 4)).toBe('SIGKILL');
  expect(await runKilled(f, 'import:before-batch', 5)).toBe('SIGKILL');
  const report = await f.load({ batchRows: 200, epoch: 2 });
  expect(report.resumedBatches).toBeGreaterThan(3);
  expect(report.rows).toBe('3399');
  expect(report.sequences).toMatchObject([{ table: 'kid', max: '9000', next: '9001', passed: true }]);
  for (const [table, columns] of [
    ['parent', "me || '|' || id || '|' || n"],
    ['kid', "me || '|' || id || '|' || parent || '|' || note"],
  ] as const)
    expect(
      f.psql(
        `select ${columns} from p.${table} order by id collate "C"`.replace(table === 'kid' ? ' collate "C"' : '-', ''),
      ),
    ).toBe(f.sqliteCli(`select ${columns} from ${table} where me = 'me' order by id`));
  const common = {
    source: f.source,
    scope: f.scope,
    place: f.place,
    rules: [],
    cutoverId: 'cutover',
    sourceDigest: 'snapshot',
    signal: new AbortController().signal,
  };
  expect(await checkImport(common)).toMatchObject({ passed: true, leftOut: [], openFindings: [] });
});

test('a lower epoch is fenced at its next batch, and one that comes later is refused', async () => {
  const f = await fixture('epoch', shape);
  let overtaken = false;
  const code = await codeOf(() =>
    f.load({
      batchRows: 100,
      failpoint: async (name) => {
        if (name !== 'import:after-commit' || overtaken) return;
        overtaken = true;
        await f.load({ epoch: 2, batchRows: 100 });
      },
    }),
  );
  expect(code).toBe('attempt_lost');
  expect(await codeOf(() => f.load())).toBe('attempt_lost');
  expect(await f.diff()).toMatchObject({ equal: '3399', differing: '0', missing: '0', extra: '0' });
});

test('refuses rows that the ledger does not explain; takes back what it explains; replaces a load of an earlier snapshot', async () => {
  const f = await fixture('strangers', shape);
  await f.sql("insert into p.parent values ('me', 'stranger', 1)");
  expect(await codeOf(() => f.load())).toBe('target_not_empty');
  // A load that is refused has claimed nothing.
  expect(await f.sql(`select cutover_id from ${f.ledger}.load`)).toEqual([]);
  await f.sql('delete from p.parent');
  await f.load();
  f.sqlite("update parent set n = 0 where id = 'p5'");
  expect(await f.load({ sourceDigest: 'later snapshot', epoch: 2 })).toMatchObject({ resumedBatches: 0, rows: '3399' });
  expect(await f.diff()).toMatchObject({ equal: '3399', differing: '0' });
  await clearImport({ place: f.place, cutoverId: 'cutover', epoch: 3 });
  expect(await f.sql('select (select count(*) from p.parent) + (select count(*) from p.kid) as n')).toEqual([
    { n: '0' },
  ]);
  expect(await f.load({ epoch: 4 })).toMatchObject({ rows: '3399' });
});

test('stops between batches when it is cancelled', async () => {
  const f = await fixture('cancel', shape);
  const stop = new AbortController();
  await expect(
    f.load({
      batchRows: 100,
      signal: stop.signal,
      failpoint: async (name) => {
        if (name === 'import:after-commit') stop.abort(new Error('cancelled'));
      },
    }),
  ).rejects.toThrow('cancelled');
  expect(await f.sql('select count(*) from p.parent')).toEqual([{ count: '100' }]);
});
