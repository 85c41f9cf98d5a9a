import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { test } from '../support/test';
import { abandon, driveUntil, override } from '../support/drive';
import { queryTarget, serviceUrl } from '../support/fleet';
import { home, pageOf } from '../support/people';
import { killService } from '../support/processes';
import {
  closeWindow,
  decide,
  goOn,
  pressPrimary,
  pressUntil,
  rollBack,
  signOff,
  tickAll,
  waitForStep,
  wizardOf,
} from '../support/walk';

const query = (sql: string): string => queryTarget(sql, 'ORIS_POSTGRES_DSN');

/** A caller of one runtime, who asks its service and nothing else. */
const callerOf =
  (runtime: string) =>
  async (thread: string): Promise<number> => {
    const answer = await fetch(`${serviceUrl(`oris-${runtime}`)}/v1/jobs/run`, {
      method: 'POST',
      body: JSON.stringify({ thread_id: thread, idempotency_key: thread }),
    });
    return answer.status;
  };

/** Plans one of the profile's runbooks on the page. @returns the cutover's id */
async function plan(page: Page, sourceId: string, runbook?: string): Promise<string> {
  await page.goto(`/cutovers/new?system=oris&source=${sourceId}`);
  if (runbook) await page.getByRole('link', { name: runbook, exact: true }).click();
  if (runbook) await expect(page.getByRole('link', { name: runbook, exact: true })).toHaveAttribute('aria-current');
  await page.getByRole('button', { name: 'Plan the cutover' }).click();
  await page.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  return /cutovers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
}

/** Abandons a cutover on its page, which frees the profile. */
async function abandonOnPage(page: Page, cutoverId: string, sourceId: string): Promise<void> {
  await page.goto(`/cutovers/${cutoverId}?card=abandon`);
  const card = page.getByRole('dialog');
  await card.getByLabel(/^Type /).fill(sourceId);
  await card.getByRole('button', { name: 'Abandon now' }).click();
  await expect.poll(async () => (await wizardOf(page, cutoverId)).state).toBe('abandoned');
}

const lease = () => query('select count(*) from oris_lab.runtime_leases');
const hasRun = (thread: string) => query(`select count(*) from oris_lab.runtime_attempts where run_id = '${thread}'`);

test('a live runtime is rehearsed, restored under a hold and closed; another time it goes back', async ({
  browser,
}) => {
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const admin = await pageOf(browser, 'admin');
  const call = callerOf('lab');
  const leases = lease();

  const restored = async (): Promise<string> => {
    const id = await plan(operator, 'lab');
    await pressUntil(operator, id, 'sign-off');
    await signOff(reviewer, id, 'sign-off');
    await operator.goto(`/cutovers/${id}`);
    await decide(operator, /^Restore…/, 'lab', 'Restore now');
    await goOn(operator, id);
    return id;
  };

  await test.step('without a rehearsal the cutover stops and names the runbook that makes one', async () => {
    const id = await plan(operator, 'lab');
    await expect(pressUntil(operator, id, 'backup')).rejects.toThrow(/rehearsed is failed/);
    await operator.goto(`/cutovers/${id}?step=rehearsed`);
    await expect(operator.getByText(/Walk runbook oris-rehearsal/).first()).toBeVisible();
    await abandonOnPage(operator, id, 'lab');
  });

  await test.step('the rehearsal, from its first step to its close', async () => {
    const id = await plan(operator, 'lab', 'Rehearse backup and restore');
    await pressUntil(operator, id, 'checklist');
    await operator.goto(`/cutovers/${id}?step=rehearse-restore`);
    await expect(operator.getByText('queued_ready=1, as seeded').first()).toBeVisible();
    await operator.goto(`/cutovers/${id}?step=checklist`);
    expect(await tickAll(operator, id, 'checklist')).toHaveLength(5);
    await operator.goto(`/cutovers/${id}`);
    await decide(operator, /^Close the window/, 'lab', /^Close/);
    await waitForStep(operator, id, 'close', ['passed']);
    expect((await wizardOf(operator, id)).state).toBe('closed');
    expect(query("select count(*) from pg_namespace where nspname like 'oris%rehearsal%'")).toBe('0');
  });

  await test.step('the restore, to the closed window: every acknowledged job is there', async () => {
    expect(await call('before-restore')).toBe(200);
    const id = await restored();
    expect([hasRun('before-restore'), lease()]).toEqual(['1', leases]);
    expect(await call('after-restore')).toBe(200);
    await closeWindow({ operator, reviewer }, id, 'lab', 3);
    expect(query("select count(*) from pg_namespace where nspname like 'cutover_aside_%'")).toBe('0');
  });

  await test.step('another time it goes back: a second person stands behind what is dropped', async () => {
    const id = await restored();
    expect(await call('to-be-dropped')).toBe(200);
    await rollBack({ operator, second: admin }, id, 'lab', 'rollback-thaw');
    expect([hasRun('to-be-dropped'), hasRun('after-restore'), lease()]).toEqual(['0', '1', leases]);
    expect(await call('after-rollback')).toBe(200);
    await abandonOnPage(operator, id, 'lab');
  });
});

/** Every dump that is kept of a profile of the demo. */
const dumps = (): string[] =>
  readdirSync(`${home()}/snapshots/oris`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith('lab-') && name.endsWith('schema.dump'))
    .map((name) => join(home(), 'snapshots/oris', name));

test('an earlier backup brings a runtime up that its damaged rows keep down; a changed dump is refused', async ({
  browser,
}) => {
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');

  await test.step('a rehearsal is on record, and a backup of an earlier day is kept', async () => {
    const rehearsed = await driveUntil('lab', 'close', { system: 'oris', runbook: 'oris-rehearsal' });
    await operator.goto(`/cutovers/${rehearsed}`);
    await decide(operator, /^Close the window/, 'lab', /^Close/);
    await waitForStep(operator, rehearsed, 'close', ['passed']);
    const backedUp = await driveUntil('lab', 'sign-off', { system: 'oris', runbook: 'oris-backup-restore' });
    await abandon(backedUp, 'lab');
  });

  query(`begin; delete from oris_lab.runtime_attempts where status = 'queued';
    insert into oris_lab.runtime_schema_migrations values (99, 'from the future', 1); commit`);
  killService('oris-lab');
  const id = await plan(operator, 'lab', 'Restore an earlier backup');

  await test.step('that it is down and damaged is told, and an admin and a reviewer go on in spite of it', async () => {
    for (const stepId of ['preflight', 'baseline']) {
      await pressUntil(operator, id, stepId);
      await pressPrimary(operator, id);
      await waitForStep(operator, id, stepId, ['failed', 'unknown']);
      await override(id, stepId, 'Its rows keep it down, and they are what is restored.');
      await operator.goto(`/cutovers/${id}`);
    }
  });

  let rowsInBackup = Number.NaN;
  await test.step('no backup is taken for them; a changed dump is refused, a whole one is counted', async () => {
    await pressUntil(operator, id, 'choose-backup');
    await pressPrimary(operator, id);
    await waitForStep(operator, id, 'choose-backup', ['failed', 'waiting']);
    await operator.goto(`/cutovers/${id}?step=choose-backup`);
    const choices = operator.locator('form').filter({ has: operator.getByText(/^backup@/) });
    await choices.last().getByRole('button', { name: 'Choose this rule' }).click();
    await expect(choices.last().getByText('chosen')).toBeVisible();
    const whole = dumps().map((file) => [file, readFileSync(file)] as const);
    for (const [file, bytes] of whole) truncateSync(file, bytes.length - 200);
    await pressPrimary(operator, id);
    await waitForStep(operator, id, 'choose-backup', ['failed']);
    await expect(operator.getByText(/can be read to its end and is as it was verified/).first()).toBeVisible();
    for (const [file, bytes] of whole) writeFileSync(file, bytes);
    await pressPrimary(operator, id);
    await waitForStep(operator, id, 'choose-backup', ['passed']);
    const counts = operator.getByText(/runtime_attempts \d+ rows in it, \d+ now/).filter({ visible: true });
    const [, inBackup, now] =
      /runtime_attempts (\d+) rows in it, (\d+) now/.exec(await counts.first().innerText()) ?? [];
    rowsInBackup = Number(inBackup);
    expect(rowsInBackup).toBeGreaterThan(Number(now));
  });

  await test.step('the hold proves that it is down, the backup is played back, and the runtime comes up on it', async () => {
    await signOff(reviewer, id, 'sign-off');
    await operator.goto(`/cutovers/${id}`);
    await decide(operator, /^Restore…/, 'lab', 'Restore now');
    await goOn(operator, id);
    await operator.goto(`/cutovers/${id}?step=quiesce`);
    await expect(operator.getByText(/down: no process, port closed/).first()).toBeVisible();
    expect(query('select max(version) from oris_lab.runtime_schema_migrations')).toBe('2');
    // The runtime is at work again: its rows change their status and get more, none goes.
    expect(Number(query('select count(*) from oris_lab.runtime_attempts'))).toBeGreaterThanOrEqual(rowsInBackup);
    expect(await callerOf('lab')('after-an-earlier-backup')).toBe(200);
  });

  await closeWindow({ operator, reviewer }, id, 'lab', 4);
  expect(query("select count(*) from pg_namespace where nspname like 'cutover_aside_%'")).toBe('0');
});
