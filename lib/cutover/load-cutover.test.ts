import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { getPool } from '@/db/client';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { loadCutover, loadCutovers } from './load-cutover';
import type { CutoverRows } from './rows';

let plane: TestControlPlane;
const ids: string[] = [];

beforeAll(async () => {
  plane = await openControlPlane('load');
  const operator = await plane.addPerson('Olga Operator', 'operator');
  for (const sourceId of ['assets_1', 'assets_2', 'assets_3']) {
    const { id, pass, plan } = await seedCutover(plane, operator, sourceId);
    ids.push(id);
    await plan('preflight');
    if (sourceId !== 'assets_2') await pass('preflight');
  }
});
afterAll(() => plane.close());

const timeless = ({ now: _, ...rows }: CutoverRows) => rows;

it('loads many cutovers with as many statements as one, each with its own rows and nobody else’s', async () => {
  const asked = vi.spyOn(getPool(), 'query');
  const alone = [];
  for (const id of ids) alone.push(await loadCutover(plane.db, id));
  const ofOne = asked.mock.calls.length / ids.length;
  asked.mockClear();
  const together = await loadCutovers(plane.db, ['nobody', ...[...ids].reverse()]);
  expect(asked.mock.calls.length).toBe(ofOne);
  expect(together.map(timeless)).toEqual(alone.reverse().map(timeless));
  expect(together.map(({ checkpoints }) => checkpoints.length)).toEqual([1, 0, 1]);
});

it('names a cutover that nobody knows', async () => {
  await expect(loadCutover(plane.db, 'nobody')).rejects.toMatchObject({ code: 'cutover_unknown' });
});
