import { expect } from '@playwright/test';
import { test } from '../support/test';
import { pageOf } from '../support/people';
import { shoot, shootLive } from './camera';
import { declareMode } from './world';

test('a fleet in the middle of its work, with one drift', async ({ browser }) => {
  declareMode('sx-assets-1', 'POSTGRES_PRIMARY');
  const page = await pageOf(browser, 'admin');
  await expect(page.getByText(/not restarted/i).first()).toBeVisible({ timeout: 60_000 });
  await shootLive(page, 'fleet', 'drift');
  for (const [name, path] of [
    ['cutovers', '/cutovers'],
    ['audit', '/audit'],
    ['admin', '/admin'],
    ['profile-snapshots', '/profiles/sx/assets_2?tab=snapshots'],
    ['profile-cutovers', '/profiles/sx/assets_2?tab=cutovers'],
    ['profile-registry', '/profiles/sx/assets_2?tab=registry'],
    ['profile', '/profiles/sx/assets-1'],
    ['new', '/cutovers/new?system=sx&source=assets_3'],
  ] as const) {
    await page.goto(path);
    await shootLive(page, name, 'in-use');
  }
  declareMode('sx-assets-1', 'SQLITE');
  const operator = await pageOf(browser, 'operator');
  await operator.goto('/?by=system');
  await operator.getByRole('checkbox', { name: /^Choose all that may start/ }).click();
  await shootLive(operator, 'fleet', 'wave');
  await operator.getByRole('link', { name: 'Plan a wave…' }).click();
  await operator.getByRole('button', { name: /^Plan \d+ cutover/ }).waitFor();
  await shootLive(operator, 'wave', 'ready');
  await operator.goto('/cutovers/wave');
  await shoot(operator, 'wave', 'empty');
});
