import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveVerdict } from '@/db/queries/attempt/save-result';
import { inTx } from '@/db/tx';
import type { Json } from '@/lib/shared/json';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { findRecord } from './find-record';

let plane: TestControlPlane;
beforeAll(async () => {
  plane = await openControlPlane('records');
}, 120_000);
afterAll(() => plane.close());

it('finds the newest record of a system, whatever cutover left it, and none of another name or system', async () => {
  const cutover = await seedCutover(plane, await plane.addPerson('Olga', 'operator'));
  const keep = async (stepId: string, minute: number, value: Json) => {
    const id = await cutover.end('done', stepId, { endedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)) });
    const facts = [{ name: 'record.restore', value }];
    await inTx(plane.db, (tx) => saveVerdict(tx, { id, cutoverId: cutover.id, stepId }, [], facts));
  };
  await keep('preflight', 1, { passed: true });
  await keep('snapshot-source', 3, { passed: false });
  await keep('baseline', 2, { passed: true });
  expect(await findRecord(plane.db, 'sx', 'restore')).toMatchObject({
    cutoverId: cutover.id,
    sourceId: 'assets_1',
    value: { passed: false },
  });
  expect(await findRecord(plane.db, 'sx', 'other')).toBeNull();
  expect(await findRecord(plane.db, 'another', 'restore')).toBeNull();
});
