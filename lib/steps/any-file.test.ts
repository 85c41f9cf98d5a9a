import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { registry } from '@/lib/steps/registry';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { notPassed, openWalk } from '@/lib/testing/walk-context';

const fleetOf = (home: string, schema: string): string => `environment: test
allowed_roots: [${home}]
systems:
  - name: mine
    title: Mine
    profiles:
      - source_id: app.db
        source: { kind: sqlite-file, path: ${join(home, 'app.db')} }
        target: { dsn_env: FILE_DSN, schema: ${schema} }
        runbook: sqlite-to-postgres
`;

/** A fleet of one file that nothing runs on. */
async function openFile(name: string, sql: string) {
  const home = tempDir(name);
  process.env.CUTOVER_HOME = home;
  const database = await testDatabase(name);
  const file = join(home, 'app.db');
  const db = new Database(file);
  db.pragma('foreign_keys = off');
  db.exec(sql);
  db.close();
  writeFileSync(join(home, 'fleet.yaml'), fleetOf(home, 'app'));
  writeFileSync(join(home, 'secrets'), `FILE_DSN=${database.dsn}\n`);
  return Object.assign(walkOf(home, 'walk-1'), { home });
}

const walkOf = (home: string, cutoverId: string) =>
  openWalk({
    home,
    fleetFile: join(home, 'fleet.yaml'),
    secretsFile: join(home, 'secrets'),
    system: 'mine',
    sourceId: 'app.db',
    cutoverId,
  });
const steps = ['preflight', 'snapshot-source', 'bootstrap', 'import', 'row-diff', 'close'];

test('a file that no service runs on walks the default runbook to its close, and can be taken back before', async () => {
  const walk = await openFile(
    'plain',
    `create table albums (id integer primary key, title text not null, artist integer references artists, unique (artist, title));
    create table artists (id integer primary key, name text); create index by_name on artists (name collate nocase);
    insert into artists values (1, 'Ann'), (2, 'Bob'); insert into albums values (1, 'One', 1), (2, 'Two', 1), (3, 'One', 2);
    create view seen as select * from albums; create virtual table words using fts4(content="artists", name);`,
  );
  // The full-text index was never filled: SQLite calls it malformed, and nothing of it is moved.
  for (const name of ['seen', 'words']) walk.rules.set(`${name}.*.object_not_moved`, 'accept');
  for (const id of ['preflight', 'snapshot-source', 'bootstrap', 'import', 'row-diff'])
    expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
  expect(walk.findings.map(({ key }) => key)).toEqual(['seen.*.object_not_moved', 'words.*.object_not_moved']);
  await walk.undo('import');
  await walk.undo('bootstrap');
  const made = (await walk.run('bootstrap')).checkpoints.find(({ key }) => key === 'contract');
  expect(`${made?.claim}: ${made?.evidence.summary}`).toMatch(/^The tables are what was designed.*equal the design/);
  for (const id of ['bootstrap', 'import', 'bootstrap', 'import', 'row-diff', 'close'])
    expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
});

test('the same file once more: what stands in its schema is told before anything is copied, and another schema is free', async () => {
  const first = await openFile(
    'again',
    "create table t (id integer primary key, x text); insert into t values (1, 'a')",
  );
  for (const id of steps) expect({ id, not: notPassed(await first.run(id)) }).toEqual({ id, not: [] });
  const second = walkOf(first.home, 'walk-2');
  expect(notPassed(await second.run('preflight'))).toEqual([
    expect.stringMatching(
      /not-loaded.*"app"\."t" still hold what an earlier cutover loaded on \d{4}-.*target_not_empty/,
    ),
  ]);
  writeFileSync(join(first.home, 'fleet.yaml'), fleetOf(first.home, 'app_again'));
  const third = walkOf(first.home, 'walk-3');
  for (const id of steps) expect({ id, not: notPassed(await third.run(id)) }).toEqual({ id, not: [] });
});

test('the full walk with a service is one of the shipped runbooks', async () => {
  const { fleet } = await openFile('shipped', 'create table t (id integer primary key)');
  const { runbook } = fleet.runbook('sqlite-to-postgres-service');
  expect(runbook.phases.map(({ id }) => id)).toEqual(['prepare', 'safety', 'load', 'switch', 'close']);
  for (const { kind, params } of runbook.phases.flatMap(({ steps }) => steps))
    expect(registry[kind]?.params.safeParse(params).success, kind).toBe(true);
});

test('what needs a decision stops at preflight, and the chosen rules carry every row through', async () => {
  const walk = await openFile(
    'dirty',
    `create table parents (id integer primary key, code int);
    create table kids (parent integer references parents, note text, at datetime);
    create table "naïve ${'long'.repeat(16)}" (ctid text primary key, "" text);
    create virtual table words using fts5(body);
    insert into parents values (1, 1), (2, 'two'); insert into kids values (1, 'a', '2020-01-01'), (7, 'b', 1577836800), (null, 'c', null);
    insert into words values ('lost without a decision');
    insert into "naïve ${'long'.repeat(16)}" values ('x', 'y');`,
  );
  const failed = (await walk.run('preflight')).checkpoints.filter(({ verdict }) => verdict === 'failed');
  expect(failed.map(({ evidence }) => evidence.summary)).toEqual([
    expect.stringMatching(/^8 findings wait for a rule \(finding_open\): ([^,]+, ){5}and 3 more$/),
  ]);
  expect(walk.findings.find(({ code }) => code === 'orphan_rows')?.sample).toEqual([
    { key: 'rowid 2', value: 'parent 7: no row in parents' },
  ]);
  const long = `naïve ${'long'.repeat(16)}`;
  const answers: Record<string, string> = {
    'parents.code.class_differs': 'widen-to-text',
    'kids.*.no_primary_key': 'carry-rowid',
    'kids.kids_parent_fkey.orphan_rows': 'move-to-quarantine',
    'kids.at.class_differs': 'convert-exact',
    'words.*.object_not_moved': 'accept',
    [`${long}.*.name_changed`]: 'rename',
    [`${long}.ctid.name_changed`]: 'rename',
    [`${long}..name_changed`]: 'rename',
  };
  const asked = walk.findings.filter(({ blocking }) => blocking);
  expect(asked.map(({ key }) => key).sort()).toEqual(Object.keys(answers).sort());
  for (const one of asked) expect(one.rules.map(({ name }) => name)).toContain(answers[one.key]);
  for (const [key, rule] of Object.entries(answers)) walk.rules.set(key, rule);
  for (const id of ['preflight', 'snapshot-source', 'bootstrap', 'import', 'row-diff', 'close'])
    expect({ id, not: notPassed(await walk.run(id)) }).toEqual({ id, not: [] });
});
