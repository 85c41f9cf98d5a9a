import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { isEqual } from '@/lib/dataplane';
import { codeOf } from '@/lib/testing/dataplane-fixture';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { exportOf, importOf, validateOf } from '@/lib/testing/files-fixture';
import { makeOrcheo } from '@/lib/testing/orcheo-files';

const psql = (dsn: string, sql: string): string =>
  execFileSync('psql', [dsn, '-XAtc', sql], { encoding: 'utf8' }).trim();

test('three files of one system arrive in one schema: parents first, no column lost, sequences beyond the last number', {
  timeout: 60_000,
}, async () => {
  const dir = tempDir('files');
  const sources = makeOrcheo(dir);
  const folder = join(dir, 'export');
  const made = await exportOf(sources, folder, {
    batchRows: 100,
    excluded: { 'vault.sqlite': 'secrets stay where they are' },
  });
  const names = made.manifest.tables.map(({ name }) => name);
  expect(names).toHaveLength(15);
  expect(names.indexOf('chat_threads')).toBeLessThan(names.indexOf('chat_messages'));
  expect(
    made.manifest.tables.find(({ name }) => name === 'chat_messages')?.batches.map(({ file, rows }) => [file, rows]),
  ).toEqual([1, 2, 3, 4, 5].map((no) => [`chat_messages/batch_000${no}.jsonl`, 100]));
  expect(made.manifest.not_exported.map(({ name }) => name)).toContain('archived');
  expect(made.manifest.excluded).toEqual([{ name: 'vault.sqlite', reason: 'secrets stay where they are' }]);
  expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).not.toContain(dir);

  const { dsn } = await testDatabase('files');
  const loaded = await importOf(folder, dsn, 'orcheo');
  expect(loaded).toMatchObject({ alreadyLoaded: false, check: { passed: true, leftOut: [] } });
  expect(psql(dsn, 'select count(*), count(handle), sum(is_archived), count(*) from orcheo.workflows')).toBe(
    '40|27|20|40',
  );
  expect(psql(dsn, 'select last_dispatched_at from orcheo.cron_triggers')).toBe('2026-03-01T00:00:00Z');
  expect(psql(dsn, 'select identifier, rotated_to, uses from orcheo.service_tokens order by 1')).toBe(
    'mid|new|-9007199254740993\nnew||9223372036854775807\nold|mid|0',
  );
  expect(
    psql(dsn, "insert into orcheo.service_token_audit_log (token, action) values ('old', 'next') returning id"),
  ).toMatch(/^31\b/);
  psql(dsn, 'delete from orcheo.service_token_audit_log where id = 31');
  expect(isEqual((await validateOf(folder, dsn, 'orcheo')).diff)).toBe(true);

  expect(await importOf(folder, dsn, 'orcheo')).toMatchObject({ alreadyLoaded: true, report: { writtenRows: '0' } });
  expect(psql(dsn, 'select count(*) from orcheo.chat_messages')).toBe('500');
  psql(dsn, "update orcheo.workflows set handle = null where id = 'w1'");
  const { diff } = await validateOf(folder, dsn, 'orcheo');
  expect(isEqual(diff)).toBe(false);
  expect(diff.sample).toMatchObject([{ table: 'workflows', kind: 'differing', cells: [{ column: 'handle' }] }]);
});

test('every value comes back with its storage class and its bytes, and a second export of the same state is the same', {
  timeout: 60_000,
}, async () => {
  const dir = tempDir('values');
  const path = join(dir, 'app.db');
  const db = new Database(path);
  db.exec(`create table "odd.table/ /é" (v); create table "__proto__" ("constructor" text primary key, n numeric) without rowid; create table "1" (a integer, b integer generated always as (a * 2) stored);
    insert into "odd.table/ /é" values (null), (''), (0), (-0.0), (0.1), (1e308), (9e999), (-9e999), (5.0), (5), (9223372036854775807), (-9223372036854775808),
      (x''), (x'00ff'), ('a' || char(0) || 'b'), (cast(x'fffe41' as text)), (char(65533)), ('e' || char(769)), ('é'), (' '), ('{"a":1.0}'), ('\\u0000');
    insert into "__proto__" values ('x', '1e3'), ('y', 'abc'); insert into "1" (a) values (4611686018427387000), (null);`);
  db.close();
  const folder = join(dir, 'export');
  const { manifest } = await exportOf({ app: path }, folder, { batchRows: 5 });
  expect(manifest.tables.find(({ original }) => original.startsWith('odd'))?.folder).toBe('odd.table%2f%20%2f%c3%a9');
  const again = join(dir, 'again');
  expect((await exportOf({ app: path }, again, { batchRows: 5 })).manifest.chain).toBe(manifest.chain);

  const { dsn } = await testDatabase('values');
  const refused = await codeOf(() => importOf(folder, dsn, 's'));
  expect(refused).toBe('finding_open');
  expect(psql(dsn, "select count(*) from pg_namespace where nspname = 's'")).toBe('0');
  // The file that was refused at the target is nevertheless whole: it says what the source says, cell by cell.
  const say = (file: string) =>
    ['odd.table/ /é', '__proto__', '1']
      .map((table) =>
        execFileSync(
          'sqlite3',
          [
            '-readonly',
            file,
            `select * from (select typeof(${table === '1' ? 'b' : table === '__proto__' ? 'n' : 'v'}), quote(${table === '1' ? 'b' : table === '__proto__' ? 'n' : 'v'}), hex(${table === '1' ? 'b' : table === '__proto__' ? 'n' : 'v'}) from "${table}")`,
          ],
          { encoding: 'utf8' },
        ),
      )
      .join('');
  expect(say(join(dir, 'staged-s.sqlite'))).toBe(say(path));
});
