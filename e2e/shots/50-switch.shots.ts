import { expect } from '@playwright/test';
import { test } from '../support/test';
import { blockAt, reached, unblock } from '../support/failpoints';
import { driveUntil } from '../support/drive';
import { callService } from '../support/fleet';
import { pageOf } from '../support/people';
import { decide, pressUntil, signOff, waitForStep } from '../support/walk';
import { shootForReadme, shootLive } from './camera';
import { keepReading } from './world';

const sourceId = 'assets_2';
/** Left on the target by the first test, taken back by the second. */
let switched = '';
test.describe.configure({ mode: 'serial' });

test('a sign-off, a switch and the way back', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const id = await driveUntil(sourceId, 'sign-off');
  await operator.goto(`/cutovers/${id}`);
  await shootLive(operator, 'wizard', '09-waiting');
  await operator.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(operator, 'reviews', 'own-work');
  await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(reviewer, 'reviews', 'waiting');
  await reviewer.keyboard.press('s');
  await reviewer.getByRole('dialog').getByRole('button', { name: 'Sign off', exact: true }).waitFor();
  await shootLive(reviewer, 'reviews', 'signing');
  await signOff(reviewer, id, 'sign-off');
  await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(reviewer, 'reviews', 'done');

  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'freeze');
  await operator.goto(`/cutovers/${id}?card=switch`);
  await expect(operator.getByRole('dialog').getByLabel(/^Type /)).toBeVisible();
  await shootLive(operator, 'card', 'switch');
  const wide = await pageOf(browser, 'operator', {
    deviceScaleFactor: 2,
    colorScheme: 'dark',
    viewport: { width: 1280, height: 900 },
  });
  await wide.goto(`/cutovers/${id}?card=switch`);
  await wide.getByLabel(/^Type /).fill(sourceId);
  await shootForReadme(wide, 'decision-card');

  await operator.goto(`/cutovers/${id}`);
  blockAt('switch:after-env');
  await decide(operator, /^Switch/, sourceId, 'Switch now');
  await reached('switch:after-env');
  await operator.getByRole('heading', { name: /^Switching assets_2/ }).waitFor();
  const readOn = await keepReading(operator, id);
  unblock('switch:after-env');
  await shootLive(operator, 'wizard', '10-switching');
  await readOn();
  await waitForStep(operator, id, 'thaw', ['passed']);
  await operator.goto(`/cutovers/${id}`);
  await shootLive(operator, 'wizard', '11-switched');

  const note = await callService(sourceId, `sx-${sourceId}`).saveNote('Check the sound of this one.');
  expect(note.status).toBe(200);
  await operator.goto(`/cutovers/${id}?card=rollback`);
  await expect(
    operator
      .getByRole('dialog')
      .getByText(/would be lost/i)
      .first(),
  ).toBeVisible({ timeout: 60_000 });
  await shootLive(operator, 'card', 'rollback-loss');
  await operator.goto('/profiles/sx/assets_2');
  await shootLive(operator, 'profile', 'switched');
  switched = id;
});

test('both rollbacks, with a second person for the row that is lost', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const admin = await pageOf(browser, 'admin');
  const id = switched;
  await operator.goto(`/cutovers/${id}?card=rollback`);
  await expect(operator.getByText(/would be lost/i).first()).toBeVisible({ timeout: 60_000 });
  await admin.goto('/reviews');
  await expect(admin.getByText('needs a second person').first()).toBeVisible();
  await shootLive(admin, 'reviews', 'second-person');
  await admin.goto(`/cutovers/${id}?card=rollback`);
  await expect(admin.getByRole('button', { name: 'Confirm as the second person' })).toBeVisible({ timeout: 60_000 });
  await shootLive(admin, 'card', 'second-person');
  await admin.getByRole('button', { name: 'Confirm as the second person' }).click();
  const card = operator.getByRole('dialog');
  await expect(card.getByText(/Second person: Ada Admin/)).toBeVisible();
  await card.getByLabel(/^Type /).fill(sourceId);
  await shootLive(operator, 'card', 'rollback-confirmed');
  const press = card.getByRole('button', { name: /^Roll back now/ });
  await expect(press).not.toHaveAttribute('aria-disabled', 'true', { timeout: 60_000 });
  await press.click();
  await operator.getByRole('heading', { name: /^Rolling back/ }).waitFor();
  await shootLive(operator, 'wizard', '20-rolling-back');
  await waitForStep(operator, id, 'rollback-smoke', ['passed']);
  await operator.getByRole('button', { name: 'Show the steps' }).click();
  await shootLive(operator, 'wizard', '21-rolled-back');

  await operator.goto(`/cutovers/${id}?card=data-rollback`);
  await admin.goto(`/cutovers/${id}?card=data-rollback`);
  await expect(admin.getByRole('button', { name: 'Confirm as the second person' })).toBeVisible({ timeout: 60_000 });
  await shootLive(operator, 'card', 'data-rollback');
  await admin.getByRole('button', { name: 'Confirm as the second person' }).click();
  await operator.goto(`/cutovers/${id}`);
  await decide(operator, /^Roll back the data…/, sourceId, /^Roll back the data now/);
  await waitForStep(operator, id, 'rebootstrap', ['passed']);
  await operator.goto(`/cutovers/${id}`);
  await shootLive(operator, 'wizard', '22-data-restored');
  await operator.goto(`/cutovers/${id}?card=abandon`);
  await expect(operator.getByRole('dialog').getByLabel(/^Type /)).toBeVisible();
  await shootLive(operator, 'card', 'abandon-rolled-back');
  await operator.goto('/profiles/sx/assets_2?tab=snapshots');
  await shootLive(operator, 'profile-snapshots', 'rolled-back');
  await operator.goto('/profiles/sx/assets_2');
  await shootLive(operator, 'profile', 'rolled-back');
});
