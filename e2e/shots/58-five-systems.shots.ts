import { expect } from '@playwright/test';
import { test } from '../support/test';
import { driveUntil } from '../support/drive';
import { blockAt, reached, unblock } from '../support/failpoints';
import { pageOf } from '../support/people';
import { planCutover, pressPrimary, waitForStep } from '../support/walk';
import { shootForReadme, shootLive } from './camera';
import { declareMode } from './world';

/** Beside what 56 closed and 57 switched: each of the other systems in a state of its own. */
test('a fleet of five systems, one in each state', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  await driveUntil('lounge', 'sign-off', { system: 'humanonly', runbook: 'humanonly-governed' });
  const dirty = await planCutover(page, 'legado', 'fabio');
  await pressPrimary(page, dirty);
  await waitForStep(page, dirty, 'preflight', ['failed']);
  const moving = await driveUntil('support', 'import', { system: 'orcheo', runbook: 'orcheo-postgres-migration' });
  declareMode('oris-edge', 'postgres', 'ORIS_RUNTIME_BACKEND');
  blockAt('import:after-batch');
  try {
    await page.goto(`/cutovers/${moving}`);
    await pressPrimary(page, moving);
    await reached('import:after-batch');
    await page.goto('/');
    await expect(page.getByText(/not restarted/i).first()).toBeVisible({ timeout: 60_000 });
    await shootLive(page, 'fleet', 'five-systems');
    // As high as all of them: the one on target needs nobody, so it stands last.
    const wide = await pageOf(browser, 'operator', {
      deviceScaleFactor: 1.5,
      colorScheme: 'dark',
      viewport: { width: 1440, height: 1680 },
    });
    await wide.goto('/');
    await shootForReadme(wide, 'fleet');
  } finally {
    unblock('import:after-batch');
    declareMode('oris-edge', 'sqlite', 'ORIS_RUNTIME_BACKEND');
  }
});
