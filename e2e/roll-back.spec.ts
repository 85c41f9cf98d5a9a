import { expect } from '@playwright/test';
import { test } from './support/test';
import { driveUntil } from './support/drive';
import { callService, queryTarget } from './support/fleet';
import { look } from './support/look';
import { pageOf } from './support/people';
import { confirmAsSecond, decide, goOn, waitForStep, wizardOf } from './support/walk';

/** Every row of the neighbours in the target: a rollback of this profile must not move it. */
const neighbours = (): string =>
  queryTarget(
    `select string_agg(source_id || schema_name, ',' order by source_id) from public.sx_source_registry where source_id not in ('assets_1', 'assets_2')`,
  );

test('a switched profile goes back to SQLITE, the lost write is named, and its data is restored', async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const before = neighbours();
  const id = await driveUntil('assets_2', 'freeze');
  const operator = await pageOf(browser, 'operator');
  const admin = await pageOf(browser, 'admin');
  await operator.goto(`/cutovers/${id}`);
  await decide(operator, /^Switch/, 'assets_2', 'Switch now');
  await goOn(operator, id);

  const user = callService('assets_2', 'sx-assets_2');
  expect(await user.saveNote('written after the switch')).toMatchObject({ status: 200, backend: 'postgres_primary' });

  await test.step('the card lists the row that would be lost and asks for a second person', async () => {
    await operator.goto(`/cutovers/${id}?card=rollback`);
    const card = operator.getByRole('dialog');
    await expect(card.getByText(/1 row would be lost/i)).toBeVisible({ timeout: 60_000 });
    await expect(card.getByText('video_notes').first()).toBeVisible();
    await admin.goto(`/cutovers/${id}?card=rollback`);
    await confirmAsSecond(admin);
  });

  await operator.goto(`/cutovers/${id}`);
  await decide(operator, /^Roll back/, 'assets_2', /^Roll back now/);
  await waitForStep(operator, id, 'rollback-smoke', ['passed']);
  await operator.getByRole('button', { name: 'Show the steps' }).click();
  expect((await wizardOf(operator, id)).state).toBe('rolled_back');
  expect(await user.saveNote('back on SQLite')).toMatchObject({ status: 200, backend: 'sqlite' });
  expect(queryTarget(`select count(*) from sx_assets_2.video_notes where markdown = 'written after the switch'`)).toBe(
    '1',
  );

  await test.step('the data rollback puts the target back as it was before the cutover: absent', async () => {
    await look(operator, `/cutovers/${id}`);
    await look(operator, `/cutovers/${id}?card=data-rollback`);
    await admin.goto(`/cutovers/${id}?card=data-rollback`);
    await admin.getByRole('button', { name: 'Confirm as the second person' }).click({ timeout: 60_000 });
    await operator.goto(`/cutovers/${id}`);
    await decide(operator, /^Roll back the data…/, 'assets_2', /^Roll back the data now/);
    await waitForStep(operator, id, 'rebootstrap', ['passed']);
  });
  expect(neighbours()).toBe(before);
});
