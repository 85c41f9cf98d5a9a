import { randomUUID } from 'node:crypto';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { attemptsOf } from './support/drive';
import { blockAt, reached, unblock, unblockAll } from './support/failpoints';
import { addPerson, pageOf } from './support/people';
import { changeFields, nextPost, type Posted, postByHand } from './support/posted';
import { pressUntil, waitForStep, wizardOf } from './support/walk';

// One cutover of lab_9, pressed in every way there is; nothing of it is switched.
test.describe.configure({ mode: 'serial' });
test.setTimeout(120_000);
test.afterAll(unblockAll);

let operator: Page;
let second: Page;
let id = '';
let pressed: Posted;

async function secondOperator(browser: Browser): Promise<Page> {
  const admin = await pageOf(browser, 'admin');
  return pageOf(browser, await addPerson(admin, 'Sven Second', ['operator']));
}

/** Presses Tab until the element with this name has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole('button', { name }).or(page.getByRole('link', { name })).first();
  await expect(wanted).toBeVisible();
  const isThere = () => wanted.evaluate((element) => element === document.activeElement);
  for (let pressedTimes = 0; !(await isThere()); pressedTimes += 1) {
    if (pressedTimes > 150) throw new Error(`Tab never came to ${name}`);
    await page.keyboard.press('Tab');
  }
}

test('the keyboard alone finds a profile, plans its cutover, runs the first step and reads its log', async ({
  browser,
}) => {
  operator = await pageOf(browser, 'operator');
  await operator.keyboard.press('Control+k');
  await expect(operator.getByRole('dialog')).toBeVisible();
  await operator.keyboard.type('lab_9');
  await operator.keyboard.press('Enter');
  await operator.waitForURL(/profiles\/sx\/lab_9/);
  await tabTo(operator, /^Start cutover/);
  await operator.keyboard.press('Enter');
  await operator.waitForURL(/cutovers\/new/);
  await tabTo(operator, 'Plan the cutover');
  await operator.keyboard.press('Enter');
  await operator.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  id = /cutovers\/([0-9a-f-]{36})/.exec(operator.url())?.[1] ?? '';
  const run = operator.getByRole('button', { name: 'Run preflight', exact: true }).first();
  await expect(run).not.toHaveAttribute('aria-disabled', 'true');
  await tabTo(operator, 'Run preflight');
  pressed = await nextPost(operator, () => operator.keyboard.press('Enter'));
  await waitForStep(operator, id, 'preflight', ['passed']);
  await operator.keyboard.press('l');
  await expect(operator).toHaveURL(/tab=log/);
});

test('a double click starts one attempt', async () => {
  await operator.goto(`/cutovers/${id}`);
  const run = operator.getByRole('button', { name: 'Run snapshot source', exact: true }).first();
  await expect(run).not.toHaveAttribute('aria-disabled', 'true');
  await run.dblclick();
  await waitForStep(operator, id, 'snapshot-source', ['passed']);
  expect(await attemptsOf(id, 'snapshot-source')).toHaveLength(1);
});

test('two operators press the same step: one attempt, and the other is told who was first', async ({ browser }) => {
  await pressUntil(operator, id, 'baseline');
  second = await secondOperator(browser);
  await second.goto(`/cutovers/${id}?step=baseline`);
  const button = (page: Page) => page.getByRole('button', { name: 'Run baseline', exact: true }).first();
  await expect(button(second)).not.toHaveAttribute('aria-disabled', 'true');
  // Their page hears nothing from here on, as with a slow network: it still offers what somebody else is pressing.
  await second.route(/\/api\/(stream|views)/, (route) => route.abort());
  blockAt('attempt:before-run');
  await button(operator).click();
  await reached('attempt:before-run');
  await button(second).click();
  await expect(second.getByText(/Olga Operator started baseline/i).first()).toBeVisible();
  unblock('attempt:before-run');
  await waitForStep(operator, id, 'baseline', ['passed']);
  expect(await attemptsOf(id, 'baseline')).toHaveLength(1);
  await second.unroute(/\/api\/(stream|views)/);
});

test('a locked step is not started by posting its action by hand, nor by somebody without the role', async ({
  browser,
}) => {
  const byHand = { key: randomUUID(), stepId: 'import' };
  expect(await postByHand(operator, changeFields(pressed, byHand))).toContain('gate_closed');
  const reviewer = await pageOf(browser, 'reviewer');
  expect(await postByHand(reviewer, changeFields(pressed, { key: randomUUID() }))).toContain('role_missing');
  expect(await attemptsOf(id, 'import')).toEqual([]);
  expect(await attemptsOf(id, 'preflight')).toHaveLength(1);
});

test('the switch between the demo people is a sign-in: the next page is theirs, with their rights', async () => {
  await operator.goto(`/cutovers/${id}`);
  await operator.getByRole('button', { name: /^Olga Operator/ }).click();
  await operator.getByRole('menuitem', { name: /Rafael Reviewer/ }).click();
  await expect(operator.getByRole('button', { name: /^Rafael Reviewer, reviewer/ })).toBeVisible();
  const { next } = await wizardOf(operator, id);
  expect(next.act?.disabledReason).toMatch(/Takes the role operator/);
  await operator.getByRole('button', { name: /^Rafael Reviewer/ }).click();
  await operator.getByRole('menuitem', { name: /Olga Operator/ }).click();
  await expect(operator.getByRole('button', { name: /^Olga Operator/ })).toBeVisible();
});

/** Holds the page's scripts back: so long it is what the server sent. @returns what lets them come, until the page is alive */
async function holdScripts(page: Page): Promise<() => Promise<void>> {
  const scripts = /\/_next\/static\/.*\.js/;
  let come: () => void = () => undefined;
  const coming = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route(scripts, (route) => coming.then(() => route.continue()));
  return async () => {
    // Only a page that is alive reads its card again.
    const alive = page.waitForResponse(/\/api\/views\/decision/);
    come();
    await alive;
    await page.unroute(scripts);
  };
}

test('a card is pressed while its page comes alive, with what was typed before: the press is not lost', async () => {
  const comeAlive = await holdScripts(operator);
  await operator.goto(`/cutovers/${id}?card=abandon`, { waitUntil: 'commit' });
  const card = operator.getByRole('dialog');
  await card.getByLabel(/^Type /).fill('lab_9');
  await card.getByRole('button', { name: /^Abandon/ }).hover();
  await operator.mouse.down();
  await comeAlive();
  await operator.mouse.up();
  await expect.poll(async () => (await wizardOf(operator, id)).state, { timeout: 60_000 }).toBe('abandoned');
});

test('an abandoned cutover frees its profile for the next', async () => {
  await operator.goto('/profiles/sx/lab_9');
  await expect(operator.getByRole('link', { name: /^Start cutover/ }).first()).toBeVisible();
});
