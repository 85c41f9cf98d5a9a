import { expect } from '@playwright/test';
import { test } from '../support/test';
import { driveOn, driveUntil, runAgain } from '../support/drive';
import { blockAt, killWorker, reached, unblock } from '../support/failpoints';
import { pageOf } from '../support/people';
import { pressPrimary, waitForStep, wizardOf } from '../support/walk';
import { shoot, shootLive } from './camera';

test('an interrupted import, a stale row diff, a rejected sign-off', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const id = await driveUntil('library_6', 'import');
  await operator.goto(`/cutovers/${id}`);
  blockAt('import:after-batch');
  await pressPrimary(operator, id);
  await reached('import:after-batch');
  await killWorker(operator);
  await operator
    .getByText(/has not answered for/)
    .first()
    .waitFor();
  await shootLive(operator, 'wizard', '13-worker-gone');
  unblock('import:after-batch');
  await waitForStep(operator, id, 'import', ['passed']);
  await operator.goto(`/cutovers/${id}?step=import`);
  await shootLive(operator, 'wizard', '14-interrupted');

  await driveOn(id, 'sign-off');
  await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
  await runAgain(id, 'import');
  await operator.goto(`/cutovers/${id}?step=row-diff`);
  await expect(operator.getByText(/stale/i).first()).toBeVisible();
  await shootLive(operator, 'wizard', '15-stale');

  await driveOn(id, 'sign-off');
  await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(reviewer, 'reviews', 'changed');
  await reviewer
    .getByRole('button', { name: /^Reject/ })
    .first()
    .click();
  const ask = reviewer.getByRole('dialog');
  await ask.getByLabel('Reason').fill('The smoke of neighbours ran before the last import.');
  await shoot(reviewer, 'reviews', 'rejecting');
  await ask.getByRole('button', { name: 'Reject', exact: true }).click();
  await expect.poll(async () => (await wizardOf(operator, id)).badge.text).toBe('rejected');
  await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(reviewer, 'reviews', 'rejected');
  await operator.goto(`/cutovers/${id}`);
  await shootLive(operator, 'wizard', '16-rejected');
});
