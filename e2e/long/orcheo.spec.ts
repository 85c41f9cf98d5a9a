import { readFileSync, writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { test } from '../support/test';
import { driveUntil } from '../support/drive';
import { home, pageOf } from '../support/people';
import {
  closeWindow,
  planCutover,
  pressPrimary,
  pressUntil,
  rollBack,
  signOff,
  switchNow,
  waitForStep,
} from '../support/walk';

const surfaces = ['repository', 'checkpoint', 'chatkit', 'graph_store'];
const envFile = (tenant: string): string => `${home()}/fleet/env/orcheo-${tenant}.env`;

type ProfileView = { mode: { observed: string | null; surfaces: { name: string; observed: string | null }[] } };

/** What the profile page shows of each surface. */
async function modesOf(page: Page, sourceId: string): Promise<Record<string, string | null>> {
  const answer = await page.request.get('/api/views/profile', { params: { system: 'orcheo', sourceId } });
  const { mode } = (await answer.json()) as ProfileView;
  return Object.fromEntries(mode.surfaces.map(({ name, observed }) => [name, observed]));
}

const all = (mode: string) => Object.fromEntries(surfaces.map((name) => [name, mode]));

test('a tenant of five files moves its four surfaces to postgres, after a forgotten prefix was found', async ({
  browser,
}) => {
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const env = readFileSync(envFile('studio'), 'utf8');
  const id = await planCutover(operator, 'studio', 'orcheo');
  await pressUntil(operator, id, 'prefix-check');

  await test.step('a variable without its prefix fails the check with what to do, and is the cause of the drift', async () => {
    writeFileSync(envFile('studio'), env.replace('ORCHEO_CHATKIT_BACKEND=sqlite', 'CHATKIT_BACKEND=postgres'));
    await operator.goto(`/cutovers/${id}?step=prefix-check`);
    await pressPrimary(operator, id);
    await waitForStep(operator, id, 'prefix-check', ['failed']);
    await expect(
      operator.getByText(/without the ORCHEO_ prefix is set in the env file: CHATKIT_BACKEND/).first(),
    ).toBeVisible();
    await operator.goto('/profiles/orcheo/studio');
    await expect(operator.getByText(/without the ORCHEO_ prefix is set in the env file: CHATKIT/).first()).toBeVisible({
      timeout: 60_000,
    });
    writeFileSync(envFile('studio'), env);
  });

  await operator.goto(`/cutovers/${id}`);
  await pressPrimary(operator, id);
  await waitForStep(operator, id, 'prefix-check', ['passed']);
  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'sign-off');
  await signOff(reviewer, id, 'sign-off');
  await switchNow(operator, id, 'studio');
  await closeWindow({ operator, reviewer }, id, 'studio', 6);

  await test.step('every surface is on postgres, and the vault stays where it is on purpose', async () => {
    await expect.poll(() => modesOf(operator, 'studio')).toEqual(all('postgres'));
    await operator.goto('/profiles/orcheo/studio');
    await expect(operator.getByText('Stays where it is')).toBeVisible();
    await expect(operator.getByText('Vault data is excluded and stays in its backend.')).toBeVisible();
  });
});

test('one surface alone goes over and back, and the profile counts as mixed in between', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const admin = await pageOf(browser, 'admin');
  const id = await driveUntil('support', 'freeze', {
    system: 'orcheo',
    runbook: 'orcheo-postgres-migration',
    surfaces: ['chatkit'],
  });
  await switchNow(operator, id, 'support');
  await expect.poll(() => modesOf(operator, 'support')).toEqual({ ...all('sqlite'), chatkit: 'postgres' });
  await operator.goto('/profiles/orcheo/support');
  await expect(operator.getByText('1 postgres').first()).toBeVisible();

  await rollBack({ operator, second: admin }, id, 'support', 'rollback-smoke');
  await expect.poll(() => modesOf(operator, 'support')).toEqual(all('sqlite'));
});
