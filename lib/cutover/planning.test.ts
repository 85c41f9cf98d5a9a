import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { cutover } from '@/db/schema';
import { buildWizard } from '@/lib/views/wizard';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { planCutover } from './plan-cutover';
import { planWave } from './plan-wave';

let plane: TestControlPlane;
let operator: TestPerson;
const t0 = '2026-12-01T02:00:00.000Z';
const wave = (...sourceIds: string[]) => sourceIds.map((sourceId) => ({ system: 'sx', sourceId }));
const planned = async () =>
  (await listOpenCutovers(plane.db)).map((line) => [line.sourceId, line.t0.toISOString()]).sort();

beforeAll(async () => {
  plane = await openControlPlane('plan_wave');
  operator = await plane.addPerson('Olga', 'operator');
}, 120_000);
afterAll(() => plane.close());

it('plans nothing where one of them has a cutover already, is unknown or is named twice', async () => {
  const ctx = plane.ctxOf(operator);
  await planCutover({
    ctx,
    input: { system: 'sx', sourceId: 'assets_2', runbook: 'sx-postgres-primary', t0 },
  });
  const before = await planned();
  const press = (...ids: string[]) => planWave({ ctx, input: { profiles: wave(...ids), t0, gapMinutes: 15 } });
  await expect(press('assets_1', 'assets_2')).rejects.toMatchObject({
    code: 'cutover_open_already',
    message: expect.stringContaining('sx/assets_2'),
  });
  await expect(press('assets_1', 'nobody')).rejects.toMatchObject({ code: 'profile_unknown' });
  await expect(press('assets_1', 'assets_1')).rejects.toMatchObject({ code: 'input_invalid' });
  expect(await planned()).toEqual(before);
});

it('plans each with its own runbook and T-0, once for a press that is sent twice', async () => {
  const ctx = plane.ctxOf(operator);
  const input = { key: randomUUID(), profiles: wave('assets_1', 'assets_3'), t0, gapMinutes: 15 };
  const first = await planWave({ ctx, input });
  expect(await planWave({ ctx, input })).toEqual(first);
  expect(first.cutoverIds).toHaveLength(2);
  expect(await planned()).toEqual([
    ['assets_1', t0],
    ['assets_2', t0],
    ['assets_3', '2026-12-01T02:15:00.000Z'],
  ]);
});

it('keeps who is asked to sign off, and refuses to ask somebody who cannot', async () => {
  const ctx = plane.ctxOf(operator);
  const reviewer = await plane.addPerson('Rita', 'reviewer');
  const ask = (asked: string[]) =>
    planCutover({ ctx, input: { system: 'sx', sourceId: 'assets_1', runbook: 'sx-postgres-primary', t0, asked } });
  await plane.db.update(cutover).set({ state: 'abandoned' });
  await expect(ask([operator.id])).rejects.toMatchObject({ code: 'input_invalid' });
  const { cutoverId } = await ask([reviewer.id]);
  const { people } = await buildWizard(ctx, { cutoverId });
  expect(people).toEqual([{ name: 'Rita', initials: 'RI', doing: 'asked to sign off' }]);
});
