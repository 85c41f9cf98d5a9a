import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { makeTenant, sqliteRows } from './fixture';
import { importAll, validateAll } from './migration-import.mjs';

const CLI = join(import.meta.dirname, 'cli.mjs');
const cli = (home: string, args: string[]) =>
  execa(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH ?? '', ORCHEO_HOME: home },
    extendEnv: false,
    reject: false,
  });

type Manifest = {
  tables: Record<
    string,
    {
      row_count: number;
      sqlite_path: string;
      columns: string[];
      batches: { file: string; rows: number; checksum: string }[];
    }
  >;
};
const readManifest = (output: string) => JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as Manifest;

/** An exported tenant whose chat (which cannot be imported by this tool) is empty, unless it is asked for. */
async function exported(options: { chat?: boolean; prepare?: string[] } = {}) {
  const home = makeTenant();
  const output = join(tempDir('export'), 'out');
  if (!options.chat)
    for (const table of ['chat_messages', 'chat_attachments', 'chat_threads'])
      sqliteRows(home, 'chatkit', `DELETE FROM ${table}`);
  for (const sql of options.prepare ?? []) sqliteRows(home, 'workflows', sql);
  const done = await cli(home, ['export', '--output', output, '--batch-size', '25']);
  expect(done.stderr).toBe('');
  const database = await testDatabase('orcheo');
  const client = new pg.Client({ connectionString: database.dsn });
  await client.connect();
  onTestFinished(() => client.end());
  return {
    home,
    output,
    database,
    client,
    run: (...args: string[]) => cli(home, [...args, '--input', output, '--postgres-dsn', database.dsn]),
  };
}
const quiet = { resume: true, report: () => {} };

describe('orcheo export', () => {
  it('writes 14 tables in checksummed batches of compact, key-sorted lines, and never the vault', async () => {
    const { output, home } = await exported();
    const { tables } = readManifest(output);
    expect(Object.keys(tables)).toHaveLength(14);
    expect(Object.keys(tables)).toEqual(Object.keys(tables).sort());
    expect(tables.chat_threads?.batches).toEqual([]);
    expect(tables.workflow_runs?.batches.map((b) => [b.file, b.rows])).toEqual([
      ['workflow_runs/batch_0001.jsonl', 25],
      ['workflow_runs/batch_0002.jsonl', 15],
    ]);
    const [batch] = tables.workflow_runs?.batches ?? [];
    const bytes = readFileSync(join(output, batch?.file ?? ''));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(batch?.checksum);
    const [line] = bytes.toString('utf8').split('\n');
    expect(Object.keys(JSON.parse(line ?? '') as object)).toEqual(Object.keys(JSON.parse(line ?? '') as object).sort());
    expect(tables.workflow_runs?.sqlite_path).toBe(join(home, 'workflows.sqlite'));
    expect(readFileSync(join(output, 'manifest.json'), 'utf8')).not.toContain('vault');
  });
});

describe('orcheo import and validate', () => {
  it('loses handles, archived flags, last dispatches and listeners, and validate says ok', async () => {
    const { run, client, home } = await exported();
    expect((await run('import')).exitCode).toBe(0);
    const checked = await run('validate');
    expect([checked.exitCode, JSON.parse(checked.stdout)]).toEqual([0, { ok: true, mismatches: [] }]);
    const before = sqliteRows(
      home,
      'workflows',
      'SELECT count(handle) AS handles, sum(is_archived) > 0 AS archived FROM workflows',
    )[0];
    expect(before).toMatchObject({ archived: 1 });
    expect(
      (await client.query('SELECT count(handle)::int AS handles, bool_or(is_archived) AS archived FROM workflows'))
        .rows,
    ).toEqual([{ handles: 0, archived: false }]);
    expect((await client.query('SELECT count(last_dispatched_at)::int AS n FROM cron_triggers')).rows).toEqual([
      { n: 0 },
    ]);
    expect((await client.query('SELECT count(*)::int AS n FROM listener_subscriptions')).rows).toEqual([{ n: 0 }]);
    expect(sqliteRows(home, 'workflows', 'SELECT count(*) > 0 AS some FROM listener_subscriptions')).toEqual([
      { some: 1 },
    ]);
  });

  it('goes on numbering the audit log after the last row', async () => {
    const { run, client } = await exported();
    await run('import');
    const { rows } = await client.query<{ last: number; next: number }>(
      "SELECT max(id) AS last, nextval('service_token_audit_log_id_seq')::int AS next FROM service_token_audit_log",
    );
    expect(rows[0]?.next).toBe((rows[0]?.last ?? 0) + 1);
  });

  it('aborts at the first chat message, because tables come in alphabetical order', async () => {
    const { run, client } = await exported({ chat: true });
    const failed = await run('import');
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain('violates foreign key constraint');
    expect((await client.query('SELECT count(*)::int AS n FROM chat_threads')).rows).toEqual([{ n: 0 }]);
  });

  it('leaves the batches before a bad one committed', async () => {
    const bad = `UPDATE workflow_runs SET payload = '{"t":"a\\u0000b"}' WHERE id = (SELECT id FROM workflow_runs ORDER BY id DESC LIMIT 1)`;
    const { run, client, output } = await exported({ prepare: [bad] });
    const failed = await run('import');
    expect([failed.exitCode, failed.stderr]).toEqual([
      1,
      expect.stringContaining('\\u0000 cannot be converted to text'),
    ]);
    expect((await client.query('SELECT count(*)::int AS n FROM workflow_runs')).rows).toEqual([{ n: 25 }]);
    expect(readFileSync(join(output, 'import_state.json'), 'utf8')).toContain('workflow_runs/batch_0001.jsonl');
    const validated = await run('validate');
    expect([validated.exitCode, validated.stderr]).toEqual([1, 'Validation failed; see mismatch report']);
    expect((JSON.parse(validated.stdout) as { mismatches: object[] }).mismatches).toContainEqual({
      table: 'workflow_runs',
      expected: 40,
      actual: 25,
    });
  });

  it.each([
    [
      'a time that is none',
      "UPDATE execution_history SET started_at = 'yesterday at noon'",
      'invalid input syntax for type timestamp',
    ],
    ['blank JSON text', "UPDATE workflow_versions SET payload = ' '", 'violates not-null constraint'],
  ])('finds %s only at the import', async (_name, sql, message) => {
    const { run } = await exported({ prepare: [sql] });
    expect((await run('import')).stderr).toContain(message);
  });

  it('refuses a batch whose bytes changed, and takes it after a new export', async () => {
    const { run, output, home, client } = await exported();
    const file = join(output, 'workflows/batch_0001.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"id"', '"ID"'));
    expect((await run('import')).stderr).toContain('Checksum mismatch for workflows/batch_0001.jsonl');
    await cli(home, ['export', '--output', output, '--batch-size', '25']);
    expect((await run('import')).exitCode).toBe(0);
    expect(await validateAll({ client, input: output })).toEqual({ ok: true, mismatches: [] });
  });

  it('goes on after an interruption, but not after one between commit and record, nor without its record', async () => {
    const { run, client, output } = await exported();
    const crashAt = (name: string) =>
      importAll({
        client,
        input: output,
        ...quiet,
        afterCommit: (file: string) => {
          if (file === name) throw new Error('crash');
        },
      });
    await expect(crashAt('workflow_runs/batch_0001.jsonl')).rejects.toThrow('crash');
    await expect(importAll({ client, input: output, ...quiet })).rejects.toThrow('duplicate key');
    await client.query('DELETE FROM workflow_runs');
    await importAll({ client, input: output, ...quiet });
    expect(await validateAll({ client, input: output })).toEqual({ ok: true, mismatches: [] });
    expect((await run('import')).exitCode).toBe(0);
    expect((await run('import', '--no-resume')).stderr).toContain('duplicate key');
  });

  it('refuses wrong use with exit 2', async () => {
    expect((await cli(tempDir('none'), ['import'])).exitCode).toBe(2);
    expect((await cli(tempDir('none'), ['move'])).exitCode).toBe(2);
  });
});
