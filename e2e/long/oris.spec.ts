import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { parse } from 'yaml';
import { parseEnv } from '../../lib/services/env-file';
import { runPsql } from '../support/compare-independently';
import { home, pageOf } from '../support/people';
import {
  closeWindow,
  decide,
  goOn,
  pressUntil,
  rollBack,
  signOff,
  tickAll,
  waitForStep,
  wizardOf,
} from '../support/walk';

type Fleet = { systems: { name: string; services: { name: string; instances: string[] }[] }[] };

const query = (sql: string): string =>
  runPsql(parseEnv(readFileSync(`${home()}/secrets.env`, 'utf8')).ORIS_POSTGRES_DSN ?? '', sql).trim();

/** A caller of one runtime, who asks its service and nothing else. */
function callerOf(runtime: string) {
  const fleet = parse(readFileSync(`${home()}/fleet/fleet.yaml`, 'utf8')) as Fleet;
  const service = fleet.systems.flatMap(({ services }) => services).find(({ name }) => name === `oris-${runtime}`);
  return async (thread: string): Promise<number> => {
    const answer = await fetch(`${service?.instances[0]}/v1/jobs/run`, {
      method: 'POST',
      body: JSON.stringify({ thread_id: thread, idempotency_key: thread }),
    });
    return answer.status;
  };
}

/** Plans one of the profile's runbooks on the page. @returns the cutover's id */
async function plan(page: Page, sourceId: string, runbook?: string): Promise<string> {
  await page.goto(`/cutovers/new?system=oris&source=${sourceId}`);
  if (runbook) await page.getByRole('link', { name: runbook, exact: true }).click();
  if (runbook) await expect(page.getByRole('link', { name: runbook, exact: true })).toHaveAttribute('aria-current');
  await page.getByRole('button', { name: 'Plan the cutover' }).click();
  await page.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  return /cutovers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
}

const lease = () => query('select count(*) from oris_lab.runtime_leases');
const hasRun = (thread: string) => query(`select count(*) from oris_lab.runtime_attempts where run_id = '${thread}'`);

test('a live runtime is rehearsed, restored under a hold and closed; another time it goes back', async ({
  browser,
}) => {
  test.setTimeout(900_000);
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
    await operator.goto(`/cutovers/${id}?card=abandon`);
    const card = operator.getByRole('dialog');
    await card.getByLabel(/^Type /).fill('lab');
    await card.getByRole('button', { name: 'Abandon now' }).click();
    await expect.poll(async () => (await wizardOf(operator, id)).state).toBe('abandoned');
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
  });
});
