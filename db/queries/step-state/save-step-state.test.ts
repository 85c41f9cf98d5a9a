import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTx } from '@/db/tx';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { readStepState } from './read-step-state';
import { saveStepState } from './save-step-state';

let plane: TestControlPlane;
beforeAll(async () => {
  plane = await openControlPlane('step_state');
}, 120_000);
afterAll(() => plane.close());

it('keeps a value, and a null over it: what a step took back stays taken back', async () => {
  const { id: cutoverId } = await seedCutover(plane, await plane.addPerson('Olga', 'operator'));
  const key = { cutoverId, stepId: 'bootstrap', name: 'before' };
  const read = () => readStepState(plane.db, cutoverId, key.stepId, key.name);
  await inTx(plane.db, (tx) => saveStepState(tx, { ...key, value: { registered: false, text: "it's" } }));
  expect(await read()).toEqual({ registered: false, text: "it's" });
  await inTx(plane.db, (tx) => saveStepState(tx, { ...key, value: null }));
  expect(await read()).toBeNull();
});
