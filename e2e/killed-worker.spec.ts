import { expect, test } from '@playwright/test';
import { blockAt, killWorker, reached, unblock } from './support/failpoints';
import { compareProfile } from './support/fleet';
import { pageOf } from './support/people';
import { decide, goOn, planCutover, pressPrimary, pressUntil, signOff, waitForStep, wizardOf } from './support/walk';

test('a worker killed in mid-import and again in mid-switch loses and doubles no row', async ({ browser }) => {
  test.setTimeout(400_000);
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const id = await planCutover(operator, 'library_7');
  await pressUntil(operator, id, 'import');

  await test.step('killed between two batches of the import', async () => {
    blockAt('import:after-batch');
    await pressPrimary(operator, id);
    await reached('import:after-batch');
    await killWorker(operator);
    unblock('import:after-batch');
    await waitForStep(operator, id, 'import', ['passed']);
    const { attemptsList } = await stepView(operator, id, 'import');
    expect(attemptsList.at(-1)?.takeovers).toHaveLength(1);
    await operator.goto(`/cutovers/${id}?step=import`);
    await expect(operator.getByText(/^Interrupted|interrupted at/i).first()).toBeVisible();
  });

  await pressUntil(operator, id, 'sign-off');
  await signOff(reviewer, id, 'sign-off');
  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'freeze');

  await test.step('killed while the service is between two sides', async () => {
    blockAt('switch:after-env');
    await decide(operator, /^Switch/, 'library_7', 'Switch now');
    await reached('switch:after-env');
    await killWorker(operator);
    unblock('switch:after-env');
    await goOn(operator, id);
  });

  expect((await wizardOf(operator, id)).state).toBe('switched');
  expect(compareProfile('library_7', 'library.db').filter(({ equal }) => !equal)).toEqual([]);
});

async function stepView(page: Parameters<typeof wizardOf>[0], id: string, stepId: string) {
  const answer = await page.request.get(`/api/views/wizard?cutoverId=${id}&stepId=${stepId}`);
  return ((await answer.json()) as Awaited<ReturnType<typeof wizardOf>>).step;
}
