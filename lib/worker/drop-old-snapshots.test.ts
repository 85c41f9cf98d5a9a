import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { auditEntry, snapshot } from '@/db/schema';
import { abandonCutover } from '@/lib/cutover/abandon-cutover';
import { dropOldSnapshots } from './drop-old-snapshots';
import { testEngine, type Engine } from './testing/engine';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

/** A kept copy of this cutover, as its snapshot step leaves it. */
async function keep(engine: Engine, cutoverId: string, id: string, file: string): Promise<string> {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'copy');
  const { attempts, cutover } = await engine.rows(cutoverId);
  await engine.db.execute(
    sql`update attempt set worker = ${`${os.hostname()}:1:abcd`} where cutover_id = ${cutoverId}`,
  );
  await engine.db.insert(snapshot).values({
    id,
    system: cutover.system,
    sourceId: cutover.sourceId,
    cutoverId,
    attemptId: attempts[0]?.id ?? '',
    kind: 'source',
    path: file,
    digest: 'd',
    bytes: 4n,
    manifest: {},
    verifiedAt: new Date(),
  });
  return file;
}

describe('retention of snapshots', () => {
  it('removes those of an ended cutover after their days, once, and never one of a cutover that is not closed', async () => {
    const engine = await testEngine();
    const [ended, open] = [await engine.plan('a'), await engine.plan('b')];
    const folder = path.join(engine.home, 'snapshots', 'sx');
    const own = await keep(engine, ended, 's1', path.join(folder, 'a', 'one.sqlite'));
    const other = await keep(engine, open, 's2', path.join(folder, 'b', 'two.sqlite'));
    const outside = await keep(engine, ended, 's3', path.join(engine.home, 'three.sqlite'));
    expect(await dropOldSnapshots(engine.db, engine.home, inDays(400))).toBe(0);
    await abandonCutover({ ctx: engine.operator, input: { cutoverId: ended, typedId: 'a' } });
    expect(await dropOldSnapshots(engine.db, engine.home, inDays(29))).toBe(0);
    expect(existsSync(own)).toBe(true);
    const both = await Promise.all([1, 2].map(() => dropOldSnapshots(engine.db, engine.home, inDays(31))));
    expect(both.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect([existsSync(own), existsSync(other), existsSync(outside)]).toEqual([false, true, true]);
    const [row] = await engine.db.select().from(snapshot).where(eq(snapshot.id, 's1'));
    expect(row).toMatchObject({ digest: 'd', deletedAt: expect.any(Date) });
    const entries = (await engine.db.select().from(auditEntry)).filter(({ act }) => act === 'drop-snapshot');
    expect(entries).toHaveLength(1);
    expect(entries[0]?.body).toContain('"removed"');
  });

  it('keeps a file that another kept snapshot names', async () => {
    const engine = await testEngine();
    const [ended, open] = [await engine.plan('a'), await engine.plan('b')];
    const file = await keep(engine, ended, 's1', path.join(engine.home, 'snapshots', 'shared.sqlite'));
    await keep(engine, open, 's2', file);
    await abandonCutover({ ctx: engine.operator, input: { cutoverId: ended, typedId: 'a' } });
    expect(await dropOldSnapshots(engine.db, engine.home, inDays(31))).toBe(1);
    expect(existsSync(file)).toBe(true);
  });
});
