import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { queryTarget } from './support/fleet';
import { home, pageOf } from './support/people';
import { decide, goOn, planCutover, pressUntil, signOff, waitForStep, wizardOf } from './support/walk';

const serviceUrl = (name: string): string => {
  const fleet = parse(readFileSync(`${home()}/fleet/fleet.yaml`, 'utf8')) as {
    systems: { services: { name: string; instances: string[] }[] }[];
  };
  return fleet.systems[0]?.services.find((service) => service.name === name)?.instances[0] ?? '';
};

const headers = { 'X-SX-Source-ID': 'assets_2', 'content-type': 'application/json' };

/** A digest of every row of the neighbours in the target: a rollback of this profile must not move it. */
const neighbours = (): string =>
  queryTarget(
    `select string_agg(source_id || schema_name, ',' order by source_id) from public.sx_source_registry where source_id <> 'assets_2'`,
  );

test('a switched profile goes back to SQLITE, the lost write is named, and its data is restored', async ({
  browser,
}) => {
  test.setTimeout(400_000);
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const admin = await pageOf(browser, 'admin');
  const before = neighbours();
  const id = await planCutover(operator, 'assets_2');
  await pressUntil(operator, id, 'sign-off');
  await signOff(reviewer, id, 'sign-off');
  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'freeze');
  await decide(operator, /^Switch/, 'assets_2', 'Switch now');
  await goOn(operator, id);

  const api = serviceUrl('sx-assets_2');
  const items = (await (await fetch(`${api}/items?limit=1`, { headers })).json()) as { items: { id: string }[] };
  const item = items.items[0]?.id ?? '';
  const written = await fetch(`${api}/items/${item}/note-md`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ markdown: 'written after the switch' }),
  });
  expect(written.status).toBe(200);

  await test.step('the card lists the row that would be lost and asks for a second person', async () => {
    await operator.goto(`/cutovers/${id}?card=rollback`);
    const card = operator.getByRole('dialog');
    await expect(card.getByText(/1 row would be lost/i)).toBeVisible({ timeout: 60_000 });
    await expect(card.getByText('video_notes').first()).toBeVisible();
    await admin.goto(`/cutovers/${id}?card=rollback`);
    await admin.getByRole('button', { name: 'Confirm as the second person' }).click();
    await expect(admin.getByText(/You confirmed it, so another person presses/).first()).toBeVisible();
  });

  await operator.goto(`/cutovers/${id}`);
  await decide(operator, /^Roll back/, 'assets_2', /^Roll back now/);
  await waitForStep(operator, id, 'rollback-smoke', ['passed']);
  await operator.getByRole('button', { name: 'Go on' }).click();
  expect((await wizardOf(operator, id)).state).toBe('rolled_back');
  const health = (await (await fetch(`${api}/health`, { headers })).json()) as { backend: { backend: string } };
  expect(health.backend.backend).toBe('sqlite');
  const saved = await fetch(`${api}/items/${item}/note-md`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ markdown: 'back on SQLite' }),
  });
  expect(saved.status).toBe(200);
  expect(queryTarget(`select count(*) from sx_assets_2.video_notes where markdown = 'written after the switch'`)).toBe(
    '1',
  );

  await test.step('the data rollback puts the target back as it was before the cutover: absent', async () => {
    await operator.goto(`/cutovers/${id}?card=data-rollback`);
    await admin.goto(`/cutovers/${id}?card=data-rollback`);
    await admin.getByRole('button', { name: 'Confirm as the second person' }).click({ timeout: 60_000 });
    await operator.goto(`/cutovers/${id}`);
    await decide(operator, /^Roll back the data…/, 'assets_2', /^Roll back the data now/);
    await waitForStep(operator, id, 'rebootstrap', ['passed']);
  });
  expect(neighbours()).toBe(before);
});
