import { expect } from '@playwright/test';
import { test } from '../support/test';
import { driveOn, driveUntil } from '../support/drive';
import { pageOf } from '../support/people';
import { decide, waitForStep } from '../support/walk';
import { shootLive } from './camera';

test('the watch, the checklist and a closed window', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const id = await driveUntil('assets_1', 'checklist');
  await operator.goto(`/cutovers/${id}?step=checklist`);
  await shootLive(operator, 'wizard', '17-checklist');
  await driveOn(id, 'close');
  await operator.goto(`/cutovers/${id}?card=close`);
  await expect(operator.getByRole('dialog').getByLabel(/^Type /)).toBeVisible();
  await shootLive(operator, 'card', 'close');
  await operator.goto(`/cutovers/${id}`);
  await decide(operator, /^Close the window/, 'assets_1', /^Close/);
  await waitForStep(operator, id, 'close', ['passed']);
  await operator.goto(`/cutovers/${id}`);
  await shootLive(operator, 'wizard', '18-closed');
  await operator.goto('/profiles/sx/assets_1');
  await shootLive(operator, 'profile', 'on-target');
});
