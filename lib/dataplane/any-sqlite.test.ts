import { expect, test } from 'vitest';
import { movedFile, moveWhole } from '@/lib/testing/moved-file';

test('keys, identity, checks, defaults, partial and folded indexes, generated columns and foreign keys arrive and hold', async () => {
  const moved = await movedFile(
    'design',
    `create table people (id integer primary key autoincrement, name text not null collate nocase unique, mail varchar(40),
        active boolean not null default 1 check (active in (0, 1)), made text default current_timestamp,
        full text generated always as (name || ' <' || coalesce(mail, '') || '>') stored, score real default 1.5, price decimal(10, 2),
        boss integer references people, check (length(name) > 0 and score >= 0));
      create table jobs (org text, no int, who integer references people (id) on delete cascade deferrable initially deferred, primary key (org, no)) without rowid;
      create unique index "one active" on people (mail) where active = 1 and mail is not null;
      create index by_fold on people (lower(name), score desc);
      insert into people (name, mail, active, score, price, boss) values ('Ann', 'a@x', 1, 0.1, 10, null), ('Bob', null, 0, 2, 12.5, 1), ('Zoë', 'z@x', 1, 1e300, null, 2);
      insert into jobs values ('a', 1, 1), ('a', 2, 3);
      delete from people where name = 'gone'; update sqlite_sequence set seq = 1000;`,
  );
  expect(moved.design().notCarried).toEqual([]);
  expect(await moveWhole(moved)).toMatchObject({ open: [], rows: '5', equal: '5', differences: [], passed: true });
  await expect(moved.query(`insert into app.people (name) values ('ANN')`)).rejects.toThrow(/people_name_key/);
  await expect(moved.query(`insert into app.jobs values ('b', 1, 99)`)).rejects.toThrow(/foreign key/);
  await expect(moved.query(`insert into app.people (name) values ('')`)).rejects.toThrow(/people_check/);
  const [fresh] = await moved.query(`insert into app.people (name) values ('New') returning *`);
  expect(fresh).toMatchObject({ id: '1003', active: 't', full: 'New <>', score: '1.5' });
  expect(fresh?.made).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

test('a folded unique key whose column a rule makes bytea says what it no longer refuses, before anything is loaded', async () => {
  const moved = await movedFile(
    'folded bytes',
    `create table u (id integer primary key, e text collate nocase unique, f text collate nocase); create index by_f on u (f);
    insert into u values (1, 'a' || char(0), 'x' || char(0)), (2, 'B', 'Y');`,
  );
  const rules = ['e', 'f'].map((column) => ({ key: `u.${column}.nul_in_text`, rule: 'widen-to-bytea' }));
  const { open, all } = await moved.findings(rules);
  expect(open.map(({ key, message }) => [key, message])).toEqual([
    ['u.u_e_key.not_carried', expect.stringMatching(/u_e_key of u no longer refuses.*e becomes bytea.*not by NOCASE/)],
  ]);
  expect(all.filter(({ blocking }) => !blocking).map(({ key }) => key)).toEqual(['u.by_f.not_carried']);
  const accepted = [...rules, { key: 'u.u_e_key.not_carried', rule: 'accept' }];
  expect(await moveWhole(moved, accepted)).toMatchObject({ open: [], equal: '2', differences: [], passed: true });
});

test('a key that holds text where it was declared integer becomes text with all that refers to it, and the references hold', async () => {
  const moved = await movedFile(
    'text keys',
    `create table p (id int primary key, t text); insert into p values (1, 'a'), ('x', 'b');
    create table c (id integer primary key, p int references p (id)); insert into c values (1, 1), (2, 'x'), (3, 'gone');
    create table d (id integer primary key, p int references p (id)); insert into d values (1, 1), (2, null);`,
  );
  const widen = (column: string) => ({ key: `${column}.class_differs`, rule: 'widen-to-text' });
  const openAfter = async (rules: ReturnType<typeof widen>[]) =>
    (await moved.findings(rules)).open.map(({ key }) => key).sort();
  const { open } = await moved.findings();
  expect(open.map(({ key, rules }) => [key, rules[0]?.name]).sort()).toEqual([
    ['c.p.class_differs', 'widen-to-text'],
    ['p.id.class_differs', 'widen-to-text'],
  ]);
  const two = [widen('p.id'), widen('c.p')];
  expect(await openAfter(two)).toEqual(['c.c_p_fkey.orphan_rows', 'd.p → p.not_carried']);
  const answered = [...two, widen('d.p'), { key: 'c.c_p_fkey.orphan_rows', rule: 'not-valid' }];
  expect((await moved.findings(answered)).all.map(({ key }) => key)).toContain('d.p.class_differs');
  expect(await moveWhole(moved, answered)).toMatchObject({ open: [], equal: '7', differences: [], passed: true });
  await expect(moved.query(`insert into app.c values (9, 'nowhere')`)).rejects.toThrow(/foreign key/);
  await expect(moved.query(`insert into app.d values (9, '3')`)).rejects.toThrow(/foreign key/);
});

test('words and blobs among integers are kept as text by rule, each apart from the others', async () => {
  const moved = await movedFile(
    'mixed classes',
    `create table t (id integer primary key, n integer, m integer);
    insert into t values (1, 7, 1), (2, 'toto', 'a'), (3, x'00ff', '\\x00ff'), (4, null, x'00ff'), (5, 1.5, 2);`,
  );
  const { open } = await moved.findings();
  const offers = Object.fromEntries(open.map(({ key, rules }) => [key, rules.map(({ name }) => name)]));
  expect(offers).toMatchObject({
    't.n.class_differs': ['widen-to-text-hex', 'set-null'],
    // A text that a blob in hex would look like.
    't.m.class_differs': ['set-null'],
  });
  moved.write('update t set m = id');
  const rules = [
    { key: 't.n.class_differs', rule: 'widen-to-text-hex' },
    { key: 't.n.real_in_integer', rule: 'widen-to-text' },
  ];
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], equal: '5', differences: [], passed: true });
  expect((await moved.query('select n from app.t order by id')).map(({ n }) => n)).toEqual([
    '7',
    'toto',
    '\\x00ff',
    null,
    '1.5',
  ]);
});

test('what this SQLite cannot read is listed and left out by rule; the rest goes on, with tables under a collation of the application’s own', async () => {
  const moved = await movedFile('unreadable', (db) => {
    db.function('mine', { deterministic: true }, (value) => value);
    db.exec(`create table fine (id integer primary key, n int); insert into fine values (1, 2);
      create table half (id integer primary key, n int, g int as (mine(n)) virtual); insert into half (id, n) values (1, 5);
      create table odd (k text primary key, v) without rowid; insert into odd values ('a', 1);
      create table words_vocab (x); create view lost as select * from nowhere;`);
    db.unsafeMode();
    db.exec(`pragma writable_schema = on;
      update sqlite_schema set sql = 'create table odd (k text collate HOUSE primary key, v) without rowid' where name = 'odd';
      insert into sqlite_schema (type, name, tbl_name, rootpage, sql) values ('table', 'words', 'words', 0, 'CREATE VIRTUAL TABLE words USING spellfix1');`);
  });
  const { open } = await moved.findings();
  const answers = {
    'half.g.object_unreadable': 'leave-out',
    'odd.primary key.not_carried': 'accept',
    'words.*.object_not_moved': 'accept',
    'lost.*.object_not_moved': 'accept',
  };
  expect(open.map(({ key }) => key).sort()).toEqual(Object.keys(answers).sort());
  expect(open.find(({ table }) => table === 'words')?.message).toMatch(
    /spellfix1.*1 shadow table.*no such module.*unknown number/,
  );
  const rules = Object.entries(answers).map(([key, rule]) => ({ key, rule }));
  expect(await moveWhole(moved, rules)).toMatchObject({ open: [], rows: '3', unlike: ['0', '0', '0'], passed: true });
  expect((await moved.diff(rules)).notCompared).toEqual([expect.stringContaining('half.g')]);
});

test('references that lead nowhere are kept, emptied, set aside or left out as the rule says, never dropped', async () => {
  const answers = ['not-valid', 'set-null', 'move-to-quarantine', 'leave-out-rows'] as const;
  const moved = await movedFile(
    'orphans',
    `create table parents (id integer primary key); insert into parents values (1);
    ${answers.map((_, i) => `create table kids${i} (id integer primary key, parent int references parents); insert into kids${i} values (1, 1), (2, 9), (3, null);`).join('\n')}
    create table one (id integer primary key, other int references two); create table two (id integer primary key, other int references one);
    insert into one values (1, 2), (2, 1); insert into two values (1, 1), (2, 2);`,
  );
  const rules = answers.map((rule, i) => ({ key: `kids${i}.kids${i}_parent_fkey.orphan_rows`, rule }));
  const { open } = await moved.findings();
  expect(open.map(({ key, count }) => [key, count])).toEqual(rules.map(({ key }) => [key, 1n]));
  expect(await moveWhole(moved, rules)).toMatchObject({ unlike: ['0', '0', '0'], differences: [], passed: true });
  const rows = (table: string) => moved.query(`select * from app.${table} order by 1`);
  expect(await rows('kids0')).toHaveLength(3);
  expect(await rows('kids1')).toContainEqual({ id: '2', parent: null });
  expect([await rows('kids2'), await rows('kids2_quarantine')].map((list) => list.length)).toEqual([2, 1]);
  expect(await rows('kids3')).toHaveLength(2);
  await expect(moved.query('insert into app.kids0 values (5, 9)')).rejects.toThrow(/foreign key/);
});

test('an import killed while it builds goes on with the next constraint, and a changed catalog is told', async () => {
  const moved = await movedFile(
    'killed',
    `create table a (id integer primary key, b text unique, c int check (c > 0)); create index by_c on a (c); insert into a values (1, 'x', 1);
    create table large (id integer primary key, v blob, n int check (n > 0)); create index by_n on large (n); insert into large values (1, randomblob(17000000), 1);`,
  );
  await moved.create();
  let built = 0;
  const failpoint = async (name: string) => {
    if (name === 'import:after-constraint' && ++built === 2) throw new Error('killed');
  };
  await expect(moved.load([], { failpoint })).rejects.toThrow('killed');
  const held = await moved.query(`select name from ${moved.ledger}.built order by built_at`);
  expect(held.map(({ name }) => name)).toEqual(['large_pkey', 'by_n']);
  expect((await moved.check()).passed).toBe(false);
  expect(await moved.load()).toMatchObject({ writtenRows: '0' });
  expect(await moved.check()).toMatchObject({ passed: true, catalog: { differences: [] } });
  await moved.query('drop index app.by_c');
  expect((await moved.check()).catalog?.differences).toEqual([expect.stringContaining('by_c')]);
});

test('text, blob and number keys that are NULL, folded or trimmed keep their meaning', async () => {
  const moved = await movedFile(
    'keys',
    `create table t (a text, b int, primary key (a, b)); insert into t values (null, 1), (null, 1), ('x', null), ('x', 2);
    create table n (name text collate nocase primary key, tail text collate rtrim unique, x real unique); insert into n values ('Ä', 'p', 1.5), ('ä', 'q ', 2), ('a', 'r', null);`,
  );
  const { open } = await moved.findings();
  expect(open.map(({ key }) => key)).toEqual(['t.a.null_in_not_null', 't.b.null_in_not_null']);
  const rules = open.map(({ key }) => ({ key, rule: 'drop-not-null' }));
  expect(await moveWhole(moved, rules)).toMatchObject({
    open: [],
    rows: '7',
    equal: '7',
    differences: [],
    passed: true,
  });
  await expect(moved.query(`insert into app.n values ('A', 'z', 9)`)).rejects.toThrow(/folded/);
  await expect(moved.query(`insert into app.n values ('b', 'q   ', 9)`)).rejects.toThrow(/tail/);
  await moved.query(`insert into app.n values ('b', 'Q', 9)`);
});
