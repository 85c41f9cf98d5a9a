import { expect, test } from '@playwright/test';
import { compareProfile } from './support/fleet';
import { pageOf } from './support/people';
import { decide, goOn, planCutover, pressUntil, signOff, wizardOf } from './support/walk';

test('an operator and a reviewer move assets_1 to POSTGRES_PRIMARY, every cell equal', async ({ browser }) => {
  test.setTimeout(300_000);
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const id = await planCutover(operator, 'assets_1');
  await pressUntil(operator, id, 'sign-off');
  await test.step('the operator cannot sign what they ran', async () => {
    await operator.goto(`/reviews?cutover=${id}&step=sign-off`);
    await expect(operator.getByText(/you cannot sign/i).first()).toBeVisible();
    await operator.goto(`/cutovers/${id}`);
  });
  await signOff(reviewer, id, 'sign-off');
  await pressUntil(operator, id, 'freeze');
  await decide(operator, /^Switch/, 'assets_1', 'Switch now');
  await goOn(operator, id);
  expect((await wizardOf(operator, id)).state).toBe('switched');
  const compared = compareProfile('assets_1', 'assets_1.db');
  expect(compared.filter(({ equal }) => !equal)).toEqual([]);
  expect(compared.find(({ table }) => table === 'videos')?.sourceRows).toBeGreaterThan(1000);
});
