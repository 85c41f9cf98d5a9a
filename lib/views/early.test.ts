import { afterAll, beforeAll, expect, it } from 'vitest';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { buildDecision } from './decision';
import { buildWizard } from './wizard';

let plane: TestControlPlane;
let operator: TestPerson;
const minutes = (count: number) => new Date(Date.now() + count * 60_000 + 30_000);

beforeAll(async () => {
  plane = await openControlPlane('early');
  operator = await plane.addPerson('Olga', 'operator');
});
afterAll(() => plane.close());

it('says of a press before its planned time how early it is, and closes nothing for it', async () => {
  const { id, state } = await seedCutover(plane, operator);
  const card = (act: 'switch' | 'close') => buildDecision(plane.ctxOf(operator), { cutoverId: id, act });
  const lateText = async () => (await buildWizard(plane.ctxOf(operator), { cutoverId: id })).lateText;
  expect(await lateText()).toBe('on time');

  const t0 = minutes(63);
  await state('open', { t0 });
  // Preflight is planned at T-40m.
  expect(await lateText()).toBe('23 min early');
  const early = await card('switch');
  expect(early.early).toBe(`Planned ${t0.toISOString()}, that is 1 h 3 m early.`);
  expect(early.closedReason).not.toMatch(/early|planned/i);
  expect((await card('close')).early).toBeNull();
  // Opened by an address that names no step, the press carries the step that the card is about.
  expect([early.stepId, (await card('close')).stepId]).toEqual(['freeze', 'close']);

  await state('open', { t0: minutes(-1) });
  expect((await card('switch')).early).toBeNull();

  // Switched an hour ahead of its T-0: the window counts from the switch.
  await state('switched', { t0, switchedAt: minutes(-7), frozenMs: 3_100 });
  expect((await card('close')).early).toBe('The window is planned until T+30m, that is 23 min from now.');
  await state('switched', { switchedAt: minutes(-31) });
  expect((await card('close')).early).toBeNull();
  // Opened by an address that names no step, the press carries the step that the card is about.
  expect([early.stepId, (await card('close')).stepId]).toEqual(['freeze', 'close']);
});
