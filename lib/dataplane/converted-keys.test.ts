import { expect, test } from 'vitest';
import { fixture } from '@/lib/testing/dataplane-fixture';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

const rule = (key: string, name: string) => ({ key, rule: name });

test('values that a chosen rule makes alike under a unique key are found before anything is made, also where the key folds or is partial', async () => {
  const moved = await movedFile(
    'stripped keys',
    `create table u (id integer primary key, t text unique); insert into u values (1, 'a'), (2, 'a' || char(0)), (3, 'c');
    create table n (id integer primary key, t text collate nocase unique); insert into n values (1, 'A'), (2, 'a' || char(0)), (3, 'b  '), (4, 'b');
    create table p (id integer primary key, t text, live int); create unique index p_live on p (t) where live = 1;
    insert into p values (1, 'x', 1), (2, 'x' || char(0), 0), (3, 'y', 1), (4, 'y' || char(0), 1);`,
  );
  const nul = (name: string) => ['u', 'n', 'p'].map((table) => rule(`${table}.t.nul_in_text`, name));
  expect((await moved.findings(nul('escape-nul'))).open).toEqual([]);
  const { open } = await moved.findings(nul('strip-nul'));
  expect(open.map(({ key, count, sample, rules }) => [key, count, sample[0]?.value, rules[0]?.name]).sort()).toEqual([
    ['n.n_t_key.duplicate_key', 2n, '2 rows', 'leave-out-index'],
    ['p.p_live.duplicate_key', 2n, '2 rows', 'leave-out-index'],
    ['u.u_t_key.duplicate_key', 2n, '2 rows', 'leave-out-index'],
  ]);
  const left = open.map(({ key }) => rule(key, 'leave-out-index'));
  expect(await moveWhole(moved, [...nul('strip-nul'), ...left])).toMatchObject({ open: [], equal: '11', passed: true });
});

test('1 and its text under a unique key are found whatever the table’s other indexes and columns are called, and also where the column becomes bytea', async () => {
  const moved = await movedFile(
    'mixed keys',
    `create table t (id integer primary key, collated text, c, b text); create unique index u_collated on t (collated);
    create unique index uc on t (c); create unique index ub on t (b); create index n on t (collated collate nocase);
    insert into t values (1, 'x', 1, 'z' || char(0)), (2, 'y', '1', '1'), (3, 'z', 2, x'31');
    create table s (k blob primary key, v); insert into s values ('1', 1), (x'31', 2);`,
  );
  const bytes = rule('t.b.nul_in_text', 'widen-to-bytea');
  const { open } = await moved.findings([bytes]);
  const ofKeys = open.filter(({ code }) => code === 'duplicate_key').map(({ key, sample }) => [key, sample[0]?.key]);
  expect(ofKeys.sort()).toEqual([
    ['s.s_pkey.duplicate_key', '1'],
    ['t.ub.duplicate_key', '1'],
    ['t.uc.duplicate_key', '1'],
  ]);
});

test('one instant written in two ways is told under a unique key of a given target', async () => {
  const f = await fixture('two ways', {
    sqlite: `create table e (id integer primary key, at text unique); insert into e values (1, '2026-01-01 00:00:00'), (2, '2026-01-01T00:00:00'), (3, null), (4, null);`,
    target: 'create table e (id int8 primary key, at timestamp unique)',
  });
  const findings = ['e.e_at_key.duplicate_key'];
  await expect(f.load()).rejects.toMatchObject({ code: 'finding_open', facts: { findings } });
});

test('a rule that changes one end of a reference is told before the load; the same rule at both ends is none', async () => {
  const moved = await movedFile(
    'one end',
    `create table a (k text primary key); insert into a values ('x'), ('y' || char(0));
    create table b (id integer primary key, k text references a); insert into b values (1, 'x'), (2, 'y' || char(0)), (3, null);`,
  );
  const [inA, inB] = [rule('a.k.nul_in_text', 'strip-nul'), rule('b.k.nul_in_text', 'strip-nul')];
  const escaped = rule('a.k.nul_in_text', 'escape-nul');
  const { open } = await moved.findings([escaped, inB]);
  expect(
    open.map(({ key, count, sample, rules }) => [key, count, sample[0]?.key, rules.map(({ name }) => name)]),
  ).toEqual([['b.b_k_fkey.orphan_rows', 1n, '2', ['not-valid']]]);
  await moved.create([escaped, inB]);
  await expect(moved.load([escaped, inB])).rejects.toMatchObject({ code: 'finding_open' });
  expect(await moved.query('select 1 from app.b')).toEqual([]);
  expect(await moveWhole(moved, [inA, inB])).toMatchObject({ open: [], equal: '5', passed: true });
});
