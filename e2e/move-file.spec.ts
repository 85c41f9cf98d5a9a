import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from './support/test';
import { queryTarget } from './support/fleet';
import { home, pageOf } from './support/people';
import { decide, pressUntil, signOff, waitForStep } from './support/walk';

const schema = 'moved_recipes';
const folder = () => `${home()}/fleet/own files/kitchen`;
const file = () => `${folder()}/Recipes & notes.db`;
const sqlite = (sql: string): string => execFileSync('sqlite3', [file(), sql], { encoding: 'utf8' }).trim();

test.beforeAll(() => {
  mkdirSync(folder(), { recursive: true });
  rmSync(file(), { force: true });
  sqlite(`create table recipe (id integer primary key autoincrement, name text not null, grams real, photo blob);
    create table "note of" (recipe_id integer primary key references recipe (id), body text);
    insert into recipe (name, grams, photo) select 'Recipe ' || value || ' ä😀', value / 7.0, randomblob(9) from generate_series(1, 4000);
    insert into "note of" select value, 'note ' || value from generate_series(1, 900);`);
});
test.afterAll(() => rmSync(folder(), { recursive: true, force: true }));

test('a person moves a file from the list to a schema of its own, and another signs the proof', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  await operator.getByRole('link', { name: 'Move one file' }).click();
  await operator.getByLabel('Filter files').fill('recipes kitchen');
  await operator.getByRole('radio').check();
  await expect(operator.getByText('2 tables')).toBeVisible();
  await expect(operator.getByLabel(/^DSN/)).toHaveValue('');
  await operator.getByLabel(/^DSN/).selectOption('SX_POSTGRES_DSN');
  const name = operator.getByLabel('Schema', { exact: true });
  await expect(name).toHaveValue('recipes_notes');
  await name.fill('pg_mine');
  await expect(operator.getByText(/pg_mine is reserved/)).toBeVisible();
  await name.fill('sx_assets_1');
  await expect(operator.getByText(/is that of sx\/assets_1/)).toBeVisible();
  await name.fill(schema);
  await expect(operator.getByText(/No profile has it/)).toBeVisible();
  await operator.getByRole('button', { name: 'Plan the move' }).click();
  await operator.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  const cutoverId = /cutovers\/([0-9a-f-]{36})/.exec(operator.url())?.[1] ?? '';
  await pressUntil(operator, cutoverId, 'sign-off');

  expect(queryTarget(`select id, name, encode(photo, 'hex') from ${schema}.recipe order by id`)).toBe(
    sqlite('select id, name, lower(hex(photo)) from recipe order by id'),
  );
  expect(queryTarget(`select * from ${schema}."note of" order by 1`)).toBe(
    sqlite('select * from "note of" order by 1'),
  );

  const reviewer = await pageOf(browser, 'reviewer');
  await signOff(reviewer, cutoverId, 'sign-off');
  await waitForStep(operator, cutoverId, 'close', ['ready']);
  await operator.goto(`/cutovers/${cutoverId}`);
  await decide(operator, /^Close/, 'Recipes & notes.db', /close/i);
  await waitForStep(operator, cutoverId, 'close', ['passed']);
  await operator.goto('/');
  await expect(operator.getByRole('row').filter({ hasText: 'Recipes & notes.db' })).toContainText('On target');
});

test('what a profile already has cannot be chosen, and a reader is told which role it takes', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  await operator.goto('/move');
  await expect(operator.getByRole('link', { name: 'Source of sx/assets_1', exact: true })).toBeVisible();
  const reviewer = await pageOf(browser, 'reviewer');
  for (const path of ['/move', '/cutovers/new']) {
    await reviewer.goto(path);
    await expect(reviewer.getByText('Planning takes the role operator, which you do not have.')).toBeVisible();
    await expect(reviewer.locator('main form')).toHaveCount(0);
  }
});
