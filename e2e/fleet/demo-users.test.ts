import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { tempDir } from '@/lib/testing/databases';
import { makeFile } from './sx_db/fixture';
import { startService } from './sx_db/service.mjs';

type Ack = { table: string; key: { video_id: string }; column: string; value: unknown };
const readCounters = (home: string) =>
  JSON.parse(readFileSync(join(home, 'users/sx-assets_1.json'), 'utf8')) as {
    acknowledged: number;
    failed: number;
    held: number;
    reads: number;
  };

describe('demo users', () => {
  it('wait through a hold and a restart without a failure, and every acknowledged write is in the database', async () => {
    const path = makeFile();
    const env = { SX_DB_PATH: path, PORT: '0', SX_LOG_FILE: join(tempDir('sx-log'), 'access.log') };
    let service = await startService(env);
    onTestFinished(() => service.stop());
    const home = tempDir('users');
    mkdirSync(join(home, 'fleet'));
    writeFileSync(
      join(home, 'fleet/fleet.yaml'),
      stringify({
        systems: [
          {
            name: 'sx',
            services: [{ name: 's', instances: [`http://127.0.0.1:${service.port}`] }],
            profiles: [{ source_id: 'assets_1', service: 's', headers: { 'X-SX-Source-ID': 'assets_1' } }],
          },
        ],
      }),
    );
    const users = execa(
      process.execPath,
      [join(import.meta.dirname, 'demo-users.mjs'), '--home', home, '--rate', '50'],
      { reject: false },
    );
    onTestFinished(() => {
      users.kill('SIGKILL');
    });
    const acknowledged = () => {
      try {
        return readCounters(home).acknowledged;
      } catch {
        return 0;
      }
    };
    await expect.poll(acknowledged, { timeout: 8_000 }).toBeGreaterThan(10);
    const hold = (method: string) => fetch(`http://127.0.0.1:${service.port}/admin/maintenance`, { method });
    const moreWrites = async () => {
      const before = acknowledged();
      await expect.poll(acknowledged, { timeout: 8_000 }).toBeGreaterThan(before + 5);
    };
    await hold('PUT');
    await expect.poll(() => readCounters(home).held, { timeout: 8_000 }).toBe(1);
    await hold('DELETE');
    await moreWrites();
    const { port } = service;
    await service.stop();
    await expect.poll(() => readCounters(home).held, { timeout: 8_000 }).toBe(2);
    service = await startService({ ...env, PORT: String(port) });
    await moreWrites();
    users.kill('SIGTERM');
    expect((await users).exitCode).toBe(0);
    expect(readCounters(home)).toMatchObject({ failed: 0, held: 2 });
    const acks = readFileSync(join(home, 'users/sx-assets_1.acks.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Ack);
    expect(acks).toHaveLength(readCounters(home).acknowledged);
    const last = new Map(acks.map((ack) => [`${ack.table}/${ack.key.video_id}/${ack.column}`, ack]));
    const db = new Database(path, { readonly: true });
    for (const ack of last.values()) {
      const found = db
        .prepare(`SELECT ${ack.column} AS value FROM ${ack.table} WHERE source_id = 'assets_1' AND video_id = ?`)
        .get(ack.key.video_id);
      expect(found).toEqual({ value: ack.value });
    }
    db.close();
  });
});
