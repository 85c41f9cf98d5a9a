import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { attemptsOf, driveUntil } from './support/drive';
import { blockAt, killWorker, reached, unblock, unblockAll } from './support/failpoints';
import { callService, compareProfile } from './support/fleet';
import { home, leaveFailure, pageOf } from './support/people';
import { changeFields, nextPost, type Posted, postByHand } from './support/posted';
import { killProcess, startServers, stopServer } from './support/processes';
import { decide, goOn, pressPrimary, pressUntil, signOff, waitForStep, wizardOf } from './support/walk';

// One cutover of library_7, hit again and again; each test goes on where the one before it left the world.
test.describe.configure({ mode: 'serial' });
test.setTimeout(200_000);
test.afterAll(unblockAll);

let operator: Page;
let id = '';
let pressed: Posted;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(200_000);
  operator = await pageOf(browser, 'operator');
  id = await driveUntil('library_7', 'import');
  await operator.goto(`/cutovers/${id}`);
});

test('a worker killed between two batches of the import is continued by another, and no row is repeated', async () => {
  blockAt('import:after-batch');
  pressed = await nextPost(operator, () => pressPrimary(operator, id));
  await reached('import:after-batch');
  await killWorker(operator);
  unblock('import:after-batch');
  await waitForStep(operator, id, 'import', ['passed']);
  const { step } = await wizardOf(operator, id, 'import');
  expect(step.attemptsList.at(-1)?.takeovers).toHaveLength(1);
  await operator.goto(`/cutovers/${id}?step=import`);
  await expect(operator.getByText(/^Interrupted|interrupted at/i).first()).toBeVisible();
  expect(compareProfile('library_7', 'library.db').filter(({ equal }) => !equal)).toEqual([]);
});

test('while the web is dead the page says since when and work goes on; when it is back nothing is missing', async () => {
  await operator.goto(`/cutovers/${id}`);
  blockAt('attempt:before-run');
  await pressPrimary(operator, id);
  await reached('attempt:before-run');
  const strip = operator.getByText(/Live updates lost at/);
  // Each new web process is killed as well, until the page has noticed.
  const noticed = async () => {
    killProcess('web');
    return strip.isVisible();
  };
  await expect.poll(noticed, { timeout: 60_000, intervals: [200] }).toBe(true);
  unblock('attempt:before-run');
  const state = async () => (await attemptsOf(id, 'row-diff')).map((attempt) => attempt.state);
  await expect.poll(state, { timeout: 60_000 }).toEqual(['done']);
  await expect(strip).toBeHidden({ timeout: 60_000 });
  await expect(operator.getByText(/load check/i).first()).toBeVisible();
  const { step } = await wizardOf(operator, id, 'row-diff');
  expect([step.status, step.attempts]).toEqual(['passed', 1]);
});

test('a worker killed while the service stands between two sides ends the switch on one of them', async ({
  browser,
}) => {
  const reviewer = await pageOf(browser, 'reviewer');
  await pressUntil(operator, id, 'sign-off');
  await signOff(reviewer, id, 'sign-off');
  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'freeze');
  blockAt('switch:after-env');
  await decide(operator, /^Switch/, 'library_7', 'Switch now');
  await reached('switch:after-env');
  await killWorker(operator);
  unblock('switch:after-env');
  await goOn(operator, id);
  expect((await wizardOf(operator, id)).state).toBe('switched');
  expect(compareProfile('library_7', 'library.db').filter(({ equal }) => !equal)).toEqual([]);
});

test('with control plane and target down the command of the page goes back, and the console waits for a person', async () => {
  for (const server of ['control', 'target'] as const) stopServer(server);
  await leaveFailure(operator);
  await operator.goto('/profiles/sx/library_7');
  const command = await operator.getByText(/--break-glass/).innerText();
  const done = spawnSync('sh', ['-c', `${command} --type library_7`], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CUTOVER_HOME: home() } as unknown as NodeJS.ProcessEnv,
  });
  expect(`${done.stdout}${done.stderr}`).toContain('report SQLITE');
  expect(done.status).toBe(0);
  await test.step('users write to SQLite again while everything else is down', async () => {
    const { status, backend } = await callService('library_7', 'sx-library_7').saveNote('written while all was down');
    expect([status, backend]).toEqual([200, 'sqlite']);
  });

  await test.step('the console returns and says what was done outside', async () => {
    await startServers();
    await operator.goto(`/cutovers/${id}`);
    await expect(operator.getByText(/Rolled back outside the console/).first()).toBeVisible({ timeout: 60_000 });
    const { state, next, extra, step } = await wizardOf(operator, id);
    const open = [next.act, ...extra, ...step.moves].filter((act) => act && act.disabledReason === null);
    expect([state, new Set(open.map((act) => act?.act))]).toEqual(['rolled_back', new Set(['confirm-outside'])]);
  });
  await test.step('nothing starts until a person confirms', async () => {
    const byHand = { key: randomUUID(), stepId: 'plugin-operations' };
    expect(await postByHand(operator, changeFields(pressed, byHand))).toContain('outside_act_unconfirmed');
    expect(await attemptsOf(id, 'plugin-operations')).toEqual([]);
    await operator.getByRole('button', { name: 'Confirm the rollback made outside' }).first().click();
    await expect.poll(async () => (await wizardOf(operator, id)).badge.text).toBe('rolled back');
    await expect(operator.getByText('Rolled back to SQLITE.').first()).toBeVisible();
  });
});
