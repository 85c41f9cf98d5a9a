import { expect, test } from 'vitest';
import { type Fixture, fixture } from '@/lib/testing/dataplane-fixture';
import { type DiffReport, type DiffState, diffRows } from './index';

const shape = {
  sqlite: `
    create table a (me text not null, id text not null, n integer, t text, primary key (me, id));
    create table b (me text, id integer primary key, r real);
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 45000) insert into a select 'me', 'k' || i || case when i % 9 = 0 then 'é''' else '' end, i, 'text ' || i from c;
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 12000) insert into b select 'me', i, i / 3.0 from c;`,
  target: `create table a (me text not null, id text not null, n int8, t text, primary key (me, id)); create table b (me text, id int8 primary key, r float8)`,
  scopeColumn: 'me',
};

/** One run; `stopAt` interrupts it after so many settled ranges. */
async function run(f: Fixture, memory: { state: DiffState | null }, stopAt = Number.POSITIVE_INFINITY) {
  let ranges = 0;
  let parts: string[] = [];
  const report = await diffRows({
    source: f.source,
    scope: f.scope,
    place: f.place,
    rules: [],
    holdsAt: 'test',
    signal: new AbortController().signal,
    progress: (reading) => {
      parts = (reading.parts ?? []).map(({ name, done, total, state }) => `${name} ${done} of ${total} ${state}`);
    },
    memory: {
      everyMs: 0,
      get: async () => memory.state,
      set: async (state) => {
        memory.state = structuredClone(state);
      },
    },
    failpoint: async (name) => {
      if (name !== 'diff:after-range') return;
      ranges += 1;
      if (ranges === stopAt) throw new Error('interrupted');
    },
  }).catch((thrown: Error) => thrown);
  return { report, ranges, parts };
}

const facts = (report: DiffReport | Error) => ({ ...(report as DiffReport), durationMs: 0 });

test('an interrupted row diff goes on behind the ranges it has settled, and says the same as one that was not interrupted', async () => {
  const f = await fixture('diff resumed', shape);
  await f.load();
  await f.sql(
    `update p.a set t = t || ' ' where n in (7, 40001); delete from p.a where n = 30000; insert into p.a values ('me', 'zzz', 1, 'extra'), ('me', 'A', 2, 'extra'); update p.b set r = -r where id = 11999`,
  );
  const whole = await run(f, { state: null });
  expect(facts(whole.report)).toMatchObject({ differing: '3', missing: '1', extra: '2', equal: '56996' });
  const allTold = ['a 45000 of 45000 done', 'b 12000 of 12000 done'];
  expect(whole.parts).toEqual(allTold);
  const memory = { state: null as DiffState | null };
  expect((await run(f, memory, 3)).report).toMatchObject({ message: 'interrupted' });
  expect(memory.state?.at).toMatchObject({ table: 'a', rows: 30_000 });
  const rest = await run(f, memory);
  expect(rest.ranges).toBeLessThan(whole.ranges - 1);
  expect(rest.parts).toEqual(allTold);
  expect(facts(rest.report)).toEqual(facts(whole.report));
  expect(memory.state).toMatchObject({ done: [], at: null });
});

test('a write to the target since makes the settled part worthless: it is found', async () => {
  const f = await fixture('diff stale', shape);
  await f.load();
  const memory = { state: null as DiffState | null };
  await run(f, memory, 3);
  expect(memory.state?.at?.rows).toBe(30_000);
  await f.sql(`update p.a set t = 'changed' where id = 'k1'`);
  expect(facts((await run(f, memory)).report)).toMatchObject({ differing: '1', equal: '56999' });
});

test('says the same with the accelerator and without it, digests and samples included', async () => {
  const f = await fixture('diff both ways', shape);
  process.env.CUTOVER_ACCELERATOR = 'off';
  try {
    await f.load();
    await f.sql(`update p.b set r = r + 1 where id % 1000 = 0; update p.a set id = id || ' ' where n = 77`);
    const plain = await f.diff();
    process.env.CUTOVER_ACCELERATOR = 'on';
    const fast = await f.diff();
    expect(plain).toMatchObject({ differing: '12', missing: '1', extra: '1' });
    expect(facts(fast)).toEqual(facts(plain));
  } finally {
    delete process.env.CUTOVER_ACCELERATOR;
  }
});
