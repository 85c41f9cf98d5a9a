import { expect } from '@playwright/test';
import { test } from '../support/test';
import { driveUntil, settled } from '../support/drive';
import { blockAt, reached, unblock } from '../support/failpoints';
import { pageOf } from '../support/people';
import { decide } from '../support/walk';
import { shootLive } from './camera';
import { keepReading } from './world';

test('two profiles behind one process, switched by one press', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const north = await driveUntil('team_4', 'freeze');
  await operator.goto(`/cutovers/${north}?card=switch`);
  await expect(
    operator
      .getByRole('dialog')
      .getByText(/team_5/)
      .first(),
  ).toBeVisible();
  await shootLive(operator, 'card', 'switch-alone');
  const south = await driveUntil('team_5', 'freeze');
  await operator.goto(`/cutovers/${north}?card=switch`);
  await expect(operator.getByRole('dialog').getByLabel(/^Type /)).toBeVisible();
  await shootLive(operator, 'card', 'switch-together');
  await operator.goto(`/cutovers/${north}`);
  blockAt('switch:after-env');
  await decide(operator, /^Switch/, 'team_4', 'Switch now');
  await reached('switch:after-env');
  await operator.goto(`/cutovers/${south}`);
  await operator.getByRole('heading', { name: /^Switching/ }).waitFor();
  const readOn = await keepReading(operator, south);
  unblock('switch:after-env');
  await shootLive(operator, 'wizard', '23-together');
  await readOn();
  for (const id of [north, south]) await expect.poll(() => settled(id), { timeout: 120_000 }).toBe('switched');
  await operator.goto(`/cutovers/${north}`);
  await operator.getByRole('heading', { name: /are on POSTGRES_PRIMARY/ }).waitFor();
  await shootLive(operator, 'wizard', '24-together-done');
});
