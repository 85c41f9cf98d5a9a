import { afterAll, beforeAll, expect, it } from 'vitest';
import { planCutover } from '@/lib/cutover/plan-cutover';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { nameFleetOf } from '@/lib/testing/one-profile-fleet';
import { buildNewCutover } from './new-cutover';
import { buildRunbook } from './runbook';

let plane: TestControlPlane;
let operator: TestPerson;
const command = "npm run cutover -- run 'fabio/filial' --runbook fabio-smoke";

beforeAll(async () => {
  plane = await openControlPlane('alone');
  operator = await plane.addPerson('Olga', 'operator');
  nameFleetOf('fabio', {
    id: 'filial',
    service: 'fabio-filial',
    store: 'filial',
    title: 'Branch',
    schema: 'fabio_filial',
  });
}, 120_000);
afterAll(() => plane.close());

it('offers a runbook that touches nothing of a profile with its command, and not as one to plan', async () => {
  const { profiles, runbooks } = await buildNewCutover(plane.ctxOf(operator));
  expect(profiles[0]?.runbooks).toEqual(['fabio-file-to-postgres']);
  expect(Object.keys(runbooks)).toEqual(['fabio-file-to-postgres']);
  expect(profiles[0]?.alone).toMatchObject([{ name: 'fabio-smoke', command }]);
  expect(await buildRunbook(plane.ctxOf(operator), { name: 'fabio-smoke' })).toMatchObject({
    standsAlone: true,
    usedBy: ['fabio/filial'],
  });
});

it('plans no cutover of it, and none of a runbook that the profile does not name', async () => {
  const plan = (runbook: string) =>
    planCutover({
      ctx: plane.ctxOf(operator),
      input: { system: 'fabio', sourceId: 'filial', runbook, t0: '2026-12-01T02:00:00.000Z' },
    });
  await expect(plan('fabio-smoke')).rejects.toMatchObject({
    code: 'input_invalid',
    message: 'fabio-smoke touches nothing of filial, so it needs no cutover.',
    advice: expect.stringContaining(command),
  });
  await expect(plan('sx-postgres-primary')).rejects.toMatchObject({
    message: 'fabio/filial does not walk sx-postgres-primary.',
    advice: expect.stringMatching(/^Choose fabio-file-to-postgres, or/),
  });
});
