import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from '../support/test';
import { driveOn } from '../support/drive';
import { home, pageOf } from '../support/people';
import { shootLive } from './camera';

/** A file of 200 tables, as an application that grew for years leaves it, and a copy of it that did not come to its end. */
function makeFiles(): void {
  const folder = `${home()}/fleet/own files`;
  mkdirSync(folder, { recursive: true });
  const tables = Array.from({ length: 200 }, (_, at) => `t_${String(at + 1).padStart(3, '0')}`);
  const sql = tables
    .map(
      (name) => `create table ${name} (id integer primary key, label text not null, at text, amount real);
      insert into ${name} select value, 'row ' || value, '2026-11-21', value / 3.0 from generate_series(1, 40);`,
    )
    .join('\n');
  execFileSync('sqlite3', [`${folder}/two-hundred.db`], { input: sql });
  writeFileSync(`${folder}/half-copied.db`, readFileSync(`${folder}/two-hundred.db`).subarray(0, 100_000));
}

test('one file is moved, and the plan of its 200 tables', async ({ browser }) => {
  makeFiles();
  const page = await pageOf(browser, 'operator');
  await page.goto('/move');
  await shootLive(page, 'move', 'ready');
  await page.getByLabel('Filter files').fill('half-copied');
  await page.getByRole('radio').check();
  await page.getByText(/is cut short at byte/).waitFor();
  await shootLive(page, 'move', 'broken');
  await page.getByLabel('Filter files').fill('two-hundred');
  await page.getByRole('radio').check();
  await page.getByText('200 tables').waitFor();
  await page.getByLabel(/^DSN/).selectOption('SX_POSTGRES_DSN');
  await shootLive(page, 'move', 'chosen');
  await page.getByLabel('Schema', { exact: true }).fill('sx_assets_1');
  await page.getByText(/is that of sx\/assets_1/).waitFor();
  await shootLive(page, 'move', 'failed');
  await page.getByLabel('Schema', { exact: true }).fill('two_hundred');
  await page.getByText(/No profile has it/).waitFor();
  await page.getByRole('button', { name: 'Plan the move' }).click();
  await page.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  const id = /cutovers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  await driveOn(id, 'import');
  await page.goto(`/cutovers/${id}?step=bootstrap&tab=plan`);
  await page
    .getByText(/^create table .*t_001/)
    .first()
    .waitFor();
  await shootLive(page, 'wizard-plan', '200-tables');
  await driveOn(id, 'sign-off');
  await page.goto(`/cutovers/${id}?step=import&tab=checkpoints`);
  await shootLive(page, 'wizard-checkpoints', '200-tables');
  await page.goto(`/cutovers/${id}`);
  await shootLive(page, 'wizard', '25-file');
  await page.goto('/');
  await shootLive(page, 'fleet', 'own-file');
});
