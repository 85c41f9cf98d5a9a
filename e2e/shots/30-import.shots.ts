import { expect } from '@playwright/test';
import { test } from '../support/test';
import { driveUntil } from '../support/drive';
import { blockAt, unblock } from '../support/failpoints';
import { pageOf } from '../support/people';
import { pressPrimary, waitForStep, wizardOf } from '../support/walk';
import { shoot, shootForReadme, shootLive } from './camera';

test('an import that takes a minute, while it runs and offline', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer', {
    deviceScaleFactor: 2,
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
  });
  const id = await driveUntil('lab_9', 'import');
  await reviewer.goto(`/cutovers/${id}`);
  await page.goto(`/cutovers/${id}`);
  await shootLive(page, 'wizard', '04-ready');
  await pressPrimary(page, id);
  await waitForStep(page, id, 'import', ['running']);
  await page.goto(`/cutovers/${id}`);
  const wide = await pageOf(browser, 'operator', {
    deviceScaleFactor: 2,
    colorScheme: 'dark',
    viewport: { width: 1440, height: 900 },
  });
  await wide.goto(`/cutovers/${id}`);
  await expect.poll(async () => fractionDone(await wizardOf(page, id)), { timeout: 60_000 }).toBeGreaterThan(0.5);
  await shootForReadme(wide, 'wizard-import');
  // On a busy machine a dozen pictures outlast the import: it is held while they are taken, the first with its clock.
  blockAt('import:after-batch');
  const second = await pageOf(browser, 'operator');
  try {
    await shoot(page, 'wizard', '05-running');
    await second.goto('/');
    await shootLive(second, 'fleet', 'in-cutover');
    await second.goto(`/cutovers/${id}`);
    await expect(second.getByRole('log')).toContainText('committed');
    await second.context().setOffline(true);
    await second.getByText(/Live updates lost/).waitFor({ timeout: 30_000 });
    await shootLive(second, 'wizard', '06-offline');
  } finally {
    unblock('import:after-batch');
    await second.context().setOffline(false);
  }
  await waitForStep(second, id, 'import', ['passed']);
  await second.goto(`/cutovers/${id}?step=import`);
  await shootLive(second, 'wizard', '07-passed');
});

function fractionDone(view: Awaited<ReturnType<typeof wizardOf>>): number {
  const progress = view.step.attemptsList.at(-1)?.progress;
  return progress?.total ? Number(progress.done) / Number(progress.total) : 0;
}
