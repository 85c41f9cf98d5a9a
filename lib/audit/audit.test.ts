import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asc, sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDb, openPool } from '@/db/client';
import { migrateControlPlane } from '@/db/migrate';
import { auditEntry } from '@/db/schema';
import { inTx } from '@/db/tx';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { appendAudit } from './append';
import { auditHash, auditText, type AuditBody } from './chain';
import { writeAuditCheckpoint, type Checkpoint } from './checkpoint';
import { toLine, toRecord, verifyAudit, type AuditRecord } from './verify';

async function chain(entries: number) {
  const database = await testDatabase('audit');
  await migrateControlPlane(database.dsn);
  const pool = openPool(database.dsn);
  onTestFinished(() => pool.end());
  const db = openDb(pool);
  const home = tempDir('audit');
  const append = (n: number) =>
    inTx(db, (tx) =>
      appendAudit(tx, {
        actor: `person-${n % 3}`,
        role: 'operator',
        act: 'press',
        summary: `press ${n} “ü”`,
        what: { b: n, a: [null, true] },
      }),
    );
  await Promise.all(Array.from({ length: entries }, (_, n) => append(n)));
  await writeAuditCheckpoint(db, home);
  const records = (await db.select().from(auditEntry).orderBy(asc(auditEntry.n))).map(toRecord);
  const checkpoints = readFileSync(path.join(home, 'audit/checkpoints.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Checkpoint);
  const keyFile = path.join(home, 'audit', `${checkpoints[0]?.keyId}.pub.pem`);
  return { db, home, records, checkpoints, keyFile, pem: readFileSync(keyFile, 'utf8') };
}

function standalone(
  home: string,
  records: AuditRecord[],
  checkpoints: Checkpoint[],
  keyFile: string,
): { code: number | null; says: string } {
  const [audit, seals] = ['export.ndjson', 'seals.ndjson'].map((name) => path.join(home, name)) as [string, string];
  writeFileSync(audit, records.map((record) => `${toLine(record)}\n`).join(''));
  writeFileSync(seals, checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join(''));
  const { status, stdout } = spawnSync(
    process.execPath,
    [path.resolve('lib/audit/verify-file.mjs'), audit, seals, keyFile],
    { encoding: 'utf8' },
  );
  return { code: status, says: stdout };
}

const reseal = (record: AuditRecord, change: Partial<AuditBody>): AuditRecord => {
  const body = { ...(JSON.parse(record.body) as AuditBody), ...change };
  const text = auditText(body);
  return {
    ...record,
    n: body.n,
    at: body.at,
    actor: body.actor,
    role: body.role,
    act: body.act,
    previous: body.previous,
    body: text,
    hash: auditHash(text),
  };
};
const rechain = (records: AuditRecord[]): AuditRecord[] => {
  let previous = '0'.repeat(64);
  return records.map((record, index) => {
    const sealed = reseal(record, { n: index + 1, previous });
    previous = sealed.hash;
    return sealed;
  });
};

describe('the audit chain', () => {
  it('is whole after writers at once, and every one of twelve forgeries is named by both verifiers', async () => {
    const { home, records, checkpoints, keyFile, pem } = await chain(12);
    expect(verifyAudit(records, checkpoints, pem)).toEqual({ ok: true, entries: 12, sealed: 12 });
    expect(standalone(home, records, checkpoints, keyFile)).toMatchObject({
      code: 0,
      says: expect.stringContaining('WHOLE: 12 entries'),
    });
    const at = (n: number) => records[n - 1] as AuditRecord;
    const edited = (n: number, change: Partial<AuditRecord>) =>
      records.map((record) => (record.n === n ? { ...record, ...change } : record));
    const otherKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const forgeries: Record<string, { records: AuditRecord[]; n: number; pem?: string }> = {
      'text edited': { records: edited(5, { body: at(5).body.replace('press', 'prism') }), n: 5 },
      'first deleted': { records: records.slice(1), n: 1 },
      'middle deleted': { records: records.filter(({ n }) => n !== 6), n: 6 },
      'tail cut off': { records: records.slice(0, 9), n: 12 },
      'one inserted': { records: [...records.slice(0, 4), at(4), ...records.slice(4)], n: 5 },
      'two swapped': { records: [...records.slice(0, 3), at(5), at(4), ...records.slice(5)], n: 4 },
      'one doubled at the end': { records: [...records, at(12)], n: 13 },
      'hash edited with the text': {
        records: records.map((record) => (record.n === 7 ? reseal(record, { actor: 'nobody' }) : record)),
        n: 8,
      },
      'actor column changed': { records: edited(3, { actor: 'somebody else' }), n: 3 },
      'time column forged': { records: edited(3, { at: '2020-01-01T00:00:00.000Z' }), n: 3 },
      'whole chain rewritten': {
        records: rechain(records.map((record) => (record.n === 2 ? reseal(record, { act: 'other' }) : record))),
        n: 12,
      },
      'rolled back to an older state': { records: records.slice(0, 11), n: 12 },
      'checkpoint signed by another key': { records, n: 12, pem: otherKey },
    };
    for (const [name, forged] of Object.entries(forgeries)) {
      const found = verifyAudit(forged.records, checkpoints, forged.pem ?? pem);
      expect(found, name).toMatchObject({ ok: false, broken: { n: forged.n } });
      const file = path.join(home, 'key.pem');
      writeFileSync(file, forged.pem ?? pem);
      const said = standalone(home, forged.records, checkpoints, file);
      expect(said, name).toMatchObject({ code: 1, says: expect.stringContaining(`BROKEN at entry ${forged.n}:`) });
    }
  });

  it('refuses update, delete and truncate, and keeps its key to itself', async () => {
    const { db, home } = await chain(1);
    for (const statement of [
      sql`update audit_entry set actor = 'x'`,
      sql`delete from audit_entry`,
      sql`truncate audit_entry`,
    ])
      await expect(db.execute(statement)).rejects.toMatchObject({ cause: { code: '23001' } });
    expect(statSync(path.join(home, 'keys/audit-ed25519.pem')).mode & 0o777).toBe(0o600);
  });

  it('keeps no entry of an act that was rolled back', async () => {
    const { db } = await chain(2);
    await inTx(db, async (tx) => {
      await appendAudit(tx, { actor: 'x', role: 'operator', act: 'press', summary: 'never' });
      throw new Error('rolled back');
    }).catch(() => undefined);
    expect(await db.$count(auditEntry)).toBe(2);
  });
});
