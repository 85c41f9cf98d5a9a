import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { commandLine } from '@/lib/cli/testing/command-line';
import { onCluster } from '@/lib/testing/databases';
import { makeOrcheo } from '@/lib/testing/orcheo-files';

const to = ['--to', 'env:TARGET', '--schema', 'orcheo'];
const sources = ['workflows.sqlite', 'chatkit.sqlite', 'tokens=tokens.sqlite'];
const json = (text: string) => JSON.parse(text.trim().split('\n').at(-1) as string);

test('export, import and validate from the command line: exit codes, a damaged batch, a second import, a changed cell', {
  timeout: 180_000,
}, async () => {
  const cli = await commandLine();
  makeOrcheo(cli.folder);
  const exporting = [
    'export',
    ...sources,
    '--output',
    'out',
    '--batch-rows',
    '100',
    '--exclude',
    'vault=kept where it is',
  ];
  const exported = await cli.cutover(...exporting);
  expect(exported).toMatchObject({ code: 0, err: '' });
  expect(exported.out).toMatch(/chat_messages +500 rows +3 columns +5 batches/);
  expect(exported.out).toMatch(/not exported by itself: view archived of workflows\.sqlite/);
  expect(exported.out).toMatch(/left out on purpose: vault: kept where it is/);
  writeFileSync(join(cli.folder, 'notes.json'), '[{"id":1}]');
  expect(await cli.cutover('export', 'notes.json', '--output', 'notes')).toMatchObject({
    code: 2,
    err: 'notes.json is no SQLite database. [input_invalid]\nJSON files are batches already: use cutover run.\n',
  });
  expect(existsSync(join(cli.folder, 'notes'))).toBe(false);
  const again = json((await cli.cutover(...exporting, '--json')).out);
  expect(again).toMatchObject({ state: 'exported', writtenBatches: 0 });

  const batch = join(cli.folder, 'out/chat_messages/batch_0003.jsonl');
  const whole = readFileSync(batch);
  truncateSync(batch, 99);
  const refused = await cli.cutover('import', 'out', ...to);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    /^chat_messages\/batch_0003\.jsonl was cut: 99 bytes of \d+\. \[export_damaged\]\nNothing was imported\./,
  );
  // The source is written to meanwhile; the batch still comes from the state that was exported.
  const db = new Database(join(cli.folder, 'chatkit.sqlite'));
  db.exec('update chat_messages set body = upper(body)');
  db.close();
  expect(await cli.cutover('export', '--batch', 'chat_messages/batch_0003.jsonl', '--output', 'out')).toMatchObject({
    code: 0,
    out: 'chat_messages/batch_0003.jsonl is as it was exported.\n',
  });
  expect(readFileSync(batch)).toEqual(whole);

  const imported = await cli.cutover('import', 'out', ...to);
  expect(imported).toMatchObject({ code: 0, err: '' });
  expect(imported.out).toMatch(/Imported: 993 rows of 15 tables in orcheo at /);
  const twice = await cli.cutover('import', 'out', ...to, '--json');
  expect(json(twice.out)).toMatchObject({ state: 'already-loaded', writtenRows: '0' });
  expect(await cli.cutover('validate', 'out', ...to)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Equal: every row and cell\.\n$/),
  });

  await onCluster(["update orcheo.workflows set is_archived = 0 where id = 'w1'"], cli.database.adminDsn);
  const differs = await cli.cutover('validate', 'out', ...to);
  expect(differs.code).toBe(4);
  expect(differs.out).toMatch(/workflows .*w1.* differs\n +is_archived\n/);
  expect(differs.out).toMatch(
    /Validation failed\. Either side may have changed since the export: .* the SQLite files, or into the tables of the target/,
  );

  // Made elsewhere: no key is here, the printed digest binds it.
  writeFileSync(join(cli.home, 'exports/seal.key'), Buffer.alloc(32, 9));
  expect((await cli.cutover('validate', 'out', ...to)).err).toMatch(/not sealed with the key of this console/);
  expect((await cli.cutover('validate', 'out', ...to, '--digest', again.digest)).code).toBe(4);
});

test('a value that does not fit stops the import before anything is written; --rule answers it, validate remembers, and --undo takes it back', {
  timeout: 120_000,
}, async () => {
  const cli = await commandLine();
  cli.file(
    'app.db',
    "create table t (id integer primary key, v text); insert into t values (1, 'a' || char(0) || 'b'), (2, 'plain')",
  );
  expect((await cli.cutover('export', 'app.db', '--output', 'out')).code).toBe(0);
  const early = await cli.cutover('validate', 'out', '--to', 'env:TARGET', '--schema', 's');
  expect(early).toMatchObject({ code: 1, err: expect.stringMatching(/schema_missing.*cutover import/s) });
  const asked = await cli.cutover('import', 'out', '--to', 'env:TARGET', '--schema', 's');
  expect(asked.code).toBe(3);
  const key = /(t\.v\.\w+) /.exec(asked.out)?.[1];
  const rule = /--rule 't\.v\.\w+=(\w[\w-]*)'/.exec(asked.out)?.[1];
  expect(asked.out).toMatch(/Nothing was written/);
  expect(
    (await cli.cutover('import', 'out', '--to', 'env:TARGET', '--schema', 's', '--rule', `${key}=${rule}`, '--yes'))
      .code,
  ).toBe(0);
  expect(await cli.cutover('import', 'out', '--to', 'env:TARGET', '--schema', 's', '--yes')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Already loaded: 2 rows'),
  });
  expect((await cli.cutover('validate', 'out', '--to', 'env:TARGET', '--schema', 's')).code).toBe(0);

  const undo = () => cli.cutover('import', 'out', '--to', 'env:TARGET', '--schema', 's', '--undo');
  await onCluster(["insert into s.t values (3, 'theirs')"], cli.database.adminDsn);
  expect(await undo()).toMatchObject({ code: 1, err: expect.stringContaining('holds 3 rows; the import brought 2') });
  await onCluster(['delete from s.t where id = 3'], cli.database.adminDsn);
  expect(await undo()).toMatchObject({ code: 0, out: expect.stringContaining('2 rows of 1 tables, and schema s') });
  expect(await undo()).toMatchObject({ code: 0, out: expect.stringContaining('nothing was done') });
});
