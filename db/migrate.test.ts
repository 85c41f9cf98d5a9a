import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '@/lib/testing/databases';
import { openDb, openPool } from './client';
import { migrateControlPlane } from './migrate';

describe('the control plane', () => {
  it('is brought up by two starts at once, and by a repeat, with one identity', async () => {
    const database = await testDatabase('migrate');
    const both = await Promise.all([migrateControlPlane(database.dsn), migrateControlPlane(database.dsn)]);
    const again = await migrateControlPlane(database.dsn);
    expect(new Set([...both, again].map(({ instance }) => instance)).size).toBe(1);
    expect(again.applied).toBe(0);
  });

  it('of a newer version is refused and left as it is', async () => {
    const database = await testDatabase('newer');
    await migrateControlPlane(database.dsn);
    const pool = openPool(database.dsn);
    onTestFinished(() => pool.end());
    const db = openDb(pool);
    await db.execute(sql`update control set schema_level = 99`);
    await expect(migrateControlPlane(database.dsn)).rejects.toMatchObject({
      code: 'control_newer',
      facts: { found: 99 },
    });
    const { rows } = await db.execute<{ level: number }>(sql`select schema_level as level from control`);
    expect(rows[0]?.level).toBe(99);
  });

  it('that cannot be reached is named with host and port, and never with its password', async () => {
    const database = await testDatabase('away');
    const wrong = new URL(database.dsn);
    wrong.password = 'not-the-password';
    await expect(migrateControlPlane(wrong.href)).rejects.toMatchObject({
      code: 'control_unreachable',
      message: expect.stringMatching(/127\.0\.0\.1:\d+.*password is wrong/),
    });
    const refused = await migrateControlPlane('postgres://me:s3cr3t-word@127.0.0.1:1/x').catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'control_unreachable', message: expect.stringContaining('127.0.0.1:1/x') });
    expect(JSON.stringify(refused)).not.toContain('s3cr3t-word');
  });

  it('creates its database when it is missing and it may, and says so when it may not', async () => {
    const database = await testDatabase('missing');
    const admin = new URL(database.adminDsn);
    admin.pathname = `/${database.name}_new`;
    await migrateControlPlane(admin.href);
    const pool = openPool(database.adminDsn);
    onTestFinished(() => pool.end());
    await openDb(pool).execute(sql.raw(`drop database "${database.name}_new" with (force)`));
    const own = new URL(database.dsn);
    own.pathname = `/${database.name}_other`;
    await expect(migrateControlPlane(own.href)).rejects.toMatchObject({
      code: 'control_unreachable',
      facts: { code: '42501' },
    });
  });
});
