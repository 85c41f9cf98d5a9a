import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renderDdl } from '@/lib/steps/parts/contract';
import { clusterDsn, onCluster, tempDir, testDatabase } from '@/lib/testing/databases';
import { openUserRecord } from '../user-record.mjs';
import { ALL_TABLES, contractText, TABLES, tablesIn } from './ddl.mjs';
import { DAMAGE, DIRT, DOUBLES } from './dirty-records.mjs';
import { makeStore, postgresRows, startFabio } from './fixture';
import { makeRecords } from './generate.mjs';
import { prepare, STORES } from './prepare.mjs';
import { rowOf } from './records.mjs';
import { runUser } from './user.mjs';

const contract = readFileSync('lib/runbooks/contracts/fabio.sql', 'utf8');
type Record_ = { [field: string]: unknown };

describe('fabio contract and runbook', () => {
  it('is exactly the 22 tables of the baseline and the two that only the service makes', async () => {
    expect([Object.keys(TABLES).length, Object.keys(ALL_TABLES).length]).toEqual([22, 24]);
    expect(contract).toBe(contractText());
    const shapeOf = async (statements: string[]) => {
      const { dsn } = await testDatabase('fabio');
      await postgresRows(dsn, statements.join(';\n'));
      return postgresRows(
        dsn,
        `SELECT format('%s %s %s %s', table_name, column_name, data_type, is_nullable) AS line FROM information_schema.columns WHERE table_schema = 'fabio_x'
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'fabio_x' ORDER BY 1`,
      );
    };
    const made = await shapeOf(['CREATE SCHEMA fabio_x', ...tablesIn(ALL_TABLES, 'fabio_x')]);
    expect(made.length).toBeGreaterThan(240);
    expect(await shapeOf(renderDdl(contract, 'fabio_x'))).toEqual(made);
  });
});

describe('fabio data', () => {
  it('is the same for the same seed, and each of its records fits its table', async () => {
    expect(makeRecords('a', 24)).toEqual(makeRecords('a', 24));
    const { dsn } = await testDatabase('fabio');
    const client = new pg.Client({ connectionString: dsn });
    await client.connect();
    await client.query(tablesIn(ALL_TABLES, 'public').join(';\n'));
    for (const [name, records] of Object.entries(makeRecords('a', 24)) as [keyof typeof ALL_TABLES, Record_[]][]) {
      for (const record of records) {
        const pairs = rowOf(ALL_TABLES[name], record);
        await client.query(
          `INSERT INTO ${name} (${pairs.map(([c]) => `"${c}"`).join(', ')}) VALUES (${pairs.map((_, i) => `$${i + 1}`).join(', ')})`,
          pairs.map(([, value]) => value),
        );
      }
    }
    await client.end();
  });

  it('holds every listed defect when it is dirty, and none when it is clean', () => {
    const [dirty, clean] = [makeStore({ dirty: true }), makeStore()];
    const recordsIn = (folder: string, table: keyof typeof ALL_TABLES): Record_[] => {
      const { file, format, pointers } = ALL_TABLES[table].store;
      const text = readFileSync(join(folder, file), 'utf8');
      if (format === 'ndjson')
        return text.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Record_] : []));
      const whole = JSON.parse(text) as Record_[] & { [pointer: string]: Record_[] };
      return format === 'array' ? whole : pointers.flatMap((pointer: string) => whole[pointer] ?? []);
    };
    const has = (folder: string, { table, set }: (typeof DIRT)[number]) =>
      recordsIn(folder, table as keyof typeof ALL_TABLES).some((r) =>
        Object.entries(set).every(([field, value]) => r[field] === value),
      );
    expect(DIRT.filter((dirt) => !has(dirty, dirt))).toEqual([]);
    expect(DIRT.filter((dirt) => has(clean, dirt))).toEqual([]);
    const doubled = (folder: string, { table, fields }: (typeof DOUBLES)[number]) => {
      const keys = recordsIn(folder, table as keyof typeof ALL_TABLES)
        .filter((r) => r.external_key !== null)
        .map((r) => JSON.stringify(fields.map((field) => r[field])));
      return keys.length - new Set(keys).size;
    };
    expect(DOUBLES.map((double) => [doubled(dirty, double), doubled(clean, double)])).toEqual(
      DOUBLES.map(() => [1, 0]),
    );
    for (const { file } of DAMAGE) {
      const lines = file.endsWith('ndjson')
        ? readFileSync(join(dirty, file), 'utf8').trimEnd().split('\n')
        : [readFileSync(join(dirty, file), 'utf8')];
      const broken = lines.filter((line) => {
        try {
          return JSON.parse(line) === undefined;
        } catch {
          return true;
        }
      });
      expect(broken).toHaveLength(1);
    }
  });
});

describe('prepare fabio', () => {
  it('makes stores, env files and one database, and a second run changes nothing', async () => {
    const home = tempDir('fabio-home');
    const database = `t_fab_${randomBytes(4).toString('hex')}`;
    onTestFinished(() =>
      onCluster([
        `drop database if exists "${database}" with (force)`,
        `drop role if exists "${database}_admin"`,
        `drop role if exists "${database}_app"`,
      ]),
    );
    const prepareAgain = (known: Record<string, string>) =>
      prepare({ home, adminDsn: clusterDsn(), small: true, database, known });
    const first = await prepareAgain({});
    expect(first.profiles.map(({ service }) => service)).toEqual(STORES.map(({ id }) => `fabio-${id}`));
    expect(
      await postgresRows(
        first.secrets.ORCHESTRATION_PG_DSN as string,
        'SELECT rolsuper FROM pg_roles WHERE rolname = current_user',
      ),
    ).toEqual([{ rolsuper: false }]);
    const envFile = join(home, 'fleet/env/fabio-filial.env');
    writeFileSync(envFile, readFileSync(envFile, 'utf8').replace('BACKEND=file', 'BACKEND=postgres'));
    const leads = join(home, 'fleet/data/fabio/filial/crm/leads.json');
    writeFileSync(leads, '[]');
    expect(await prepareAgain(first.secrets)).toEqual(first);
    expect([readFileSync(leads, 'utf8'), readFileSync(envFile, 'utf8').includes('BACKEND=postgres')]).toEqual([
      '[]',
      true,
    ]);
    expect(readdirSync(join(home, 'fleet/data/fabio'))).toEqual(['filial', 'legado', 'matriz']);
  });
});

describe('fabio users, process and smoke', () => {
  it('users wait through a hold without a failure, and every acknowledged write is in the store', async () => {
    const fabio = await startFabio('file');
    const folder = tempDir('users');
    const record = openUserRecord(folder, 'matriz');
    const ending = new AbortController();
    const walk = runUser({ profile: { url: fabio.url }, record, perSecond: 50, signal: ending.signal });
    await expect.poll(() => record.counters.acknowledged, { timeout: 8_000 }).toBeGreaterThan(6);
    await fabio.call('PUT', '/admin/maintenance', {});
    await expect.poll(() => record.counters.held, { timeout: 8_000 }).toBeGreaterThan(0);
    await fabio.call('DELETE', '/admin/maintenance');
    const before = record.counters.acknowledged;
    await expect.poll(() => record.counters.acknowledged, { timeout: 8_000 }).toBeGreaterThan(before);
    ending.abort();
    await walk;
    expect([record.counters.failed, existsSync(join(folder, 'matriz.failures.ndjson'))]).toEqual([0, false]);
    type Ack = { table: string; key: { customer_id?: string; command_id?: string }; value: string };
    const acks = readFileSync(join(folder, 'matriz.acks.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Ack);
    const last = new Map(acks.filter((a) => a.table === 'customers').map((a) => [a.key.customer_id, a.value]));
    const stored = JSON.parse(fabio.text('customers/customers.json')) as {
      customer_id: string;
      display_name: string;
    }[];
    expect([...last].filter(([id, value]) => stored.find((c) => c.customer_id === id)?.display_name !== value)).toEqual(
      [],
    );
    const commands = fabio.text('orchestration/commands.ndjson');
    expect(acks.filter((a) => a.key.command_id && !commands.includes(a.key.command_id))).toEqual([]);
  });

  it('ends with 0 on SIGTERM, and refuses a wrong environment with 2 and a sentence', async () => {
    const spawn = (env: Record<string, string>) =>
      execa(process.execPath, [join(import.meta.dirname, 'service.mjs')], {
        env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
        extendEnv: false,
        reject: false,
      });
    const child = spawn({ FABIO_DATA_DIR: makeStore() });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const line = await new Promise<string>((resolve) => {
      child.stdout?.once('data', (part: Buffer) => resolve(part.toString()));
    });
    expect(JSON.parse(line)).toMatchObject({ event: 'listening', backend: 'file' });
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(0);
    expect(await spawn({ ORCHESTRATION_STORE_BACKEND: 'postgres' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('ORCHESTRATION_PG_DSN'),
    });
  });

  it('the one-command smoke passes, tells its rows, and removes its database', async () => {
    const run = await execa(process.execPath, [join(import.meta.dirname, 'smoke.mjs')], {
      env: { TARGET_ADMIN_DSN: clusterDsn() },
      reject: false,
    });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/\nrows: commands=2 events=4 queue=1$/);
    expect(
      await postgresRows(
        clusterDsn(),
        "SELECT count(*)::int AS n FROM pg_database WHERE datname LIKE 'fabio\\_smoke\\_%'",
      ),
    ).toEqual([{ n: 0 }]);
  });
});
