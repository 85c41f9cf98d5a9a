import { expect } from '@playwright/test';
import { test } from '../support/test';
import { consoleUrl, pageOf } from '../support/people';
import { shoot, shootLive } from './camera';

test('an admin makes a password link and stops an account, by mouse', async ({ browser }) => {
  const admin = await pageOf(browser, 'admin');
  await admin.goto('/admin');
  const rafael = admin.getByRole('listitem').filter({ hasText: 'Rafael Reviewer' }).first();
  await rafael.locator('summary').click();
  await shoot(admin, 'admin', 'change-person', rafael);
  await rafael.getByRole('button', { name: 'Make a password link' }).click();
  const shown = rafael.getByText(/new-password#/).first();
  await shown.waitFor();
  await shoot(admin, 'admin', 'password-link', rafael);
  const first = (await shown.textContent())?.trim() ?? '';
  await rafael.getByRole('button', { name: 'Deactivate' }).click();
  await rafael.getByText('may not sign in').waitFor();
  await shoot(admin, 'admin', 'deactivated', rafael);
  await rafael.getByRole('button', { name: 'Let in again' }).click();
  await rafael.getByText('may not sign in').waitFor({ state: 'detached' });
  // A link ends with the access of the one who has it.
  await rafael.getByRole('button', { name: 'Make a password link' }).click();
  await expect(shown).not.toHaveText(first);
  const link = (await shown.textContent())?.trim() ?? '';
  await rafael.getByRole('button', { name: 'Remove…' }).click();
  await shoot(admin, 'admin', 'remove-person', rafael);

  const window = await browser.newContext({ baseURL: consoleUrl() });
  const page = await window.newPage();
  await page.goto(link);
  await page.getByRole('textbox', { name: 'New password' }).fill('reviewer-demo');
  await shoot(page, 'new-password', 'ready');
  await page.getByRole('button', { name: 'Set the new password' }).click();
  await page.getByRole('link', { name: 'Go to sign in' }).waitFor();
  await shoot(page, 'new-password', 'done');
});

test("one's own account", async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  await page.goto('/account');
  await shootLive(page, 'account', 'ready');
  await page.getByLabel('Current password').fill('not the password');
  await page.getByRole('textbox', { name: 'New password' }).fill('short');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('alert').filter({ hasText: 'At least 10' }).waitFor();
  await shoot(page, 'account', 'failed');
});
