import { randomUUID } from 'node:crypto';
import { test } from '../support/test';
import { consoleUrl, pageOf } from '../support/people';
import { shoot } from './camera';
import { withoutAdmin, withFleetFile } from './world';

test('before anybody is signed in', async ({ page }) => {
  await page.goto(`${consoleUrl()}/sign-in`);
  await shoot(page, 'sign-in', 'ready');
  await page.getByLabel('E-mail').fill('operator@demo.localhost');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).first().click();
  await page.getByText(/is wrong/).waitFor();
  await shoot(page, 'sign-in', 'failed');
  await page.goto(`${consoleUrl()}/setup`);
  await shoot(page, 'set-up', 'done');
  await withoutAdmin(async () => {
    await page.goto(`${consoleUrl()}/setup`);
    await shoot(page, 'set-up', 'ready');
  });
});

test('before the first cutover', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  for (const [name, path] of [
    ['cutovers', '/cutovers'],
    ['reviews', '/reviews'],
    ['audit', '/audit'],
    ['runbooks', '/runbooks'],
    ['profile', '/profiles/sx/assets_1'],
    ['profile-snapshots', '/profiles/sx/assets_1?tab=snapshots'],
    ['profile-cutovers', '/profiles/sx/assets_1?tab=cutovers'],
    ['profile-registry', '/profiles/sx/assets_1?tab=registry'],
    ['profile-configuration', '/profiles/sx/assets_1?tab=configuration'],
  ] as const) {
    await page.goto(path);
    await shoot(page, name, 'empty');
  }
  for (const [name, path] of [
    ['fleet', '/?by=system'],
    ['profile', '/profiles/orcheo/studio'],
    ['profile-configuration', '/profiles/orcheo/studio?tab=configuration'],
    ['profile-files', '/profiles/fabio/matriz'],
    ['new', '/cutovers/new?system=orcheo&source=studio'],
    ['new-alone', '/cutovers/new?system=fabio&source=matriz'],
    ['new-several', '/cutovers/new?system=oris&source=main'],
    ['runbook', '/runbooks/humanonly-governed'],
  ] as const) {
    await page.goto(path);
    await shoot(page, name, 'of-five');
  }
  await page.goto('/cutovers/new');
  await shoot(page, 'new', 'choose');
  await page.goto('/runbooks/sx-postgres-primary');
  await shoot(page, 'runbook', 'ready');
  await page.goto('/nowhere');
  await shoot(page, 'not-found', 'ready');
  await page.goto('/runbooks/fabio-smoke');
  await shoot(page, 'runbook', 'alone');
  for (const [state, path] of [
    ['runbook', '/runbooks/nobody-wrote-this'],
    ['profile', '/profiles/sx/never-heard-of'],
    ['cutover', `/cutovers/${randomUUID()}`],
  ] as const) {
    await page.goto(path);
    await shoot(page, 'not-found', state);
  }
  await page.goto('/?q=nothing-is-called-this');
  await shoot(page, 'fleet', 'no-match');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await shoot(page, 'palette', 'open');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await shoot(page, 'help', 'open');
});

test('what a role may not do', async ({ browser }) => {
  const reviewer = await pageOf(browser, 'reviewer');
  await reviewer.goto('/cutovers/new?system=sx&source=assets_1');
  await shoot(reviewer, 'new', 'forbidden');
  await reviewer.goto('/admin');
  await shoot(reviewer, 'admin', 'forbidden');
  const admin = await pageOf(browser, 'admin');
  await admin.goto('/admin');
  await shoot(admin, 'admin', 'ready');
});

test('a fleet file with a mistake', async ({ browser }) => {
  const page = await pageOf(browser, 'admin');
  await withFleetFile(
    (text) => text.replace('environment:', 'enviroment:'),
    async () => {
      await page.goto('/');
      await shoot(page, 'fleet', 'file-error');
    },
  );
});
