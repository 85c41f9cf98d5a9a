import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renderDdl } from '@/lib/steps/parts/contract';
import { clusterDsn, onCluster, tempDir, testDatabase } from '@/lib/testing/databases';
import { openUserRecord } from '../user-record.mjs';
import { contractText, postgresStatements } from './ddl.mjs';
import { SURFACES } from './tables.mjs';
import { DIRT } from './dirty-rows.mjs';
import { makeTenant, postgresRows, type Row, sqliteRows, startOrcheo } from './fixture';
import { prepare, TENANTS } from './prepare.mjs';
import { runUser } from './user.mjs';

const contract = () => readFileSync('lib/runbooks/contracts/orcheo.sql', 'utf8');

describe('orcheo contract and runbook', () => {
  it('holds in contract.sql exactly what the service makes', async () => {
    expect(contract()).toBe(contractText());
    const shape = `SELECT format('%s %s %s %s', table_name, column_name, data_type, is_nullable) AS line FROM information_schema.columns
      WHERE table_schema = 'public' UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`;
    const shapeOf = async (statements: string[]) => {
      const { dsn } = await testDatabase('orcheo');
      await postgresRows(dsn, statements.join(';\n'));
      return postgresRows(dsn, shape);
    };
    const made = await shapeOf(Object.keys(SURFACES).flatMap((s) => postgresStatements(s as keyof typeof SURFACES)));
    expect(made.length).toBeGreaterThan(120);
    expect(await shapeOf(renderDdl(contract(), 'public'))).toEqual(made);
  });
});

describe('orcheo data', () => {
  it('is the same for the same seed, in WAL mode, with the same threads in two files', () => {
    const [a, b] = [makeTenant(), makeTenant()];
    const digest = (folder: string) =>
      sqliteRows(
        folder,
        'workflows',
        'SELECT group_concat(id || payload || coalesce(handle, 0)) AS all_rows FROM workflows',
      );
    expect(digest(a)).toEqual(digest(b));
    expect(sqliteRows(a, 'chatkit', 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    const [thread] = sqliteRows(a, 'checkpoints', 'SELECT thread_id FROM checkpoints LIMIT 1') as {
      thread_id: string;
    }[];
    expect(
      sqliteRows(a, 'workflows', `SELECT count(*) AS n FROM workflow_runs WHERE id = '${thread?.thread_id}'`),
    ).toEqual([{ n: 1 }]);
  });

  it.each(DIRT)('holds once $table.$column: $finding', ({ file, table, column, value }) => {
    const count = (folder: string) =>
      sqliteRows(
        folder,
        file,
        `SELECT count(*) AS n FROM "${table}" WHERE CAST("${column}" AS BLOB) = CAST(${hex(value)} AS BLOB)`,
      )[0]?.n;
    expect([count(makeTenant({ dirty: true })), count(makeTenant())]).toEqual([1, 0]);
  });
});

/** An SQL value with every byte of the text (a literal may hold no NUL). */
const hex = (value: string | number) => `x'${Buffer.from(String(value)).toString('hex')}'`;

describe('prepare orcheo', () => {
  it('makes files, env files and databases, and a second run changes nothing', async () => {
    const home = tempDir('orcheo-home');
    const database = `t_orc_${randomBytes(4).toString('hex')}`;
    onTestFinished(() =>
      onCluster(
        TENANTS.flatMap(({ id }) => [
          `drop database if exists "${database}_${id}" with (force)`,
          `drop role if exists "${database}_${id}_admin"`,
          `drop role if exists "${database}_${id}_app"`,
        ]),
      ),
    );
    const prepareAgain = (known: Record<string, string>) =>
      prepare({ home, adminDsn: clusterDsn(), small: true, database, known });
    const first = await prepareAgain({});
    expect(first.profiles.map(({ service }) => service)).toEqual(['orcheo-studio', 'orcheo-support', 'orcheo-attic']);
    const dsn = first.secrets.ORCHEO_ATTIC_POSTGRES_DSN as string;
    expect(await postgresRows(dsn, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([
      { rolsuper: false },
    ]);
    const envFile = join(home, 'fleet/env/orcheo-studio.env');
    writeFileSync(envFile, readFileSync(envFile, 'utf8').replace('CHATKIT_BACKEND=sqlite', 'CHATKIT_BACKEND=postgres'));
    const files = () =>
      ['workflows', 'vault'].map((f) =>
        readFileSync(join(home, `fleet/data/orcheo/studio/${f}.sqlite`)).toString('base64'),
      );
    const before = files();
    expect(await prepareAgain(first.secrets)).toEqual(first);
    expect(files()).toEqual(before);
    expect(readFileSync(envFile, 'utf8')).toContain('CHATKIT_BACKEND=postgres');
    expect(readFileSync(envFile, 'utf8')).not.toContain(new URL(dsn).password);
  });
});

describe('orcheo users and process', () => {
  it('wait through a hold without a failure, and every acknowledged write is in the database', async () => {
    const orcheo = await startOrcheo('sqlite');
    const folder = tempDir('users');
    const record = openUserRecord(folder, 'studio');
    const ending = new AbortController();
    const walk = runUser({ profile: { url: orcheo.url }, record, perSecond: 50, signal: ending.signal });
    await expect.poll(() => record.counters.acknowledged, { timeout: 8_000 }).toBeGreaterThan(6);
    await orcheo.call('PUT', '/admin/maintenance', {});
    await expect.poll(() => record.counters.held, { timeout: 8_000 }).toBeGreaterThan(0);
    await orcheo.call('DELETE', '/admin/maintenance');
    const before = record.counters.acknowledged;
    await expect.poll(() => record.counters.acknowledged, { timeout: 8_000 }).toBeGreaterThan(before);
    ending.abort();
    await walk;
    expect([record.counters.failed, existsSync(join(folder, 'studio.failures.ndjson'))]).toEqual([0, false]);
    type Ack = { table: string; key: Record<string, string>; column: string; value: string };
    const acks = readFileSync(join(folder, 'studio.acks.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Ack);
    const files: Record<string, string> = { workflows: 'workflows', chat_messages: 'chatkit', store: 'graph_store' };
    const last = new Map(acks.map((ack) => [JSON.stringify([ack.table, ack.key]), ack]));
    for (const { table, key, column, value } of last.values()) {
      const [json, member] = column.split('.');
      const where = Object.entries(key)
        .map(([k, v]) => `"${k}" = '${v}'`)
        .join(' AND ');
      expect(
        sqliteRows(
          orcheo.folder,
          files[table] as string,
          `SELECT json_extract(${json}, '$.${member}') AS v FROM ${table} WHERE ${where}`,
        ) as Row[],
      ).toEqual([{ v: value }]);
    }
  });

  it('ends with 0 on SIGTERM, and refuses a wrong environment with 2 and a sentence', async () => {
    const spawn = (env: Record<string, string>) =>
      execa(process.execPath, [join(import.meta.dirname, 'service.mjs')], {
        env: { PATH: process.env.PATH ?? '', ORCHEO_HOST: '127.0.0.1', ORCHEO_PORT: '0', ...env },
        extendEnv: false,
        reject: false,
      });
    const home = tempDir('orcheo-home');
    mkdirSync(home, { recursive: true });
    const child = spawn({ ORCHEO_HOME: home });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const line = await new Promise<string>((resolve) => {
      child.stdout?.once('data', (part: Buffer) => resolve(part.toString()));
    });
    expect(JSON.parse(line)).toMatchObject({ event: 'listening', backends: { repository: 'sqlite' } });
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(0);
    expect(await spawn({ ORCHEO_REPOSITORY_BACKEND: 'postgres' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('ORCHEO_POSTGRES_DSN'),
    });
  });
});
