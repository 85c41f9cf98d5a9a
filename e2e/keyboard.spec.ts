import { expect, type Page } from '@playwright/test';
import { test } from './support/test';
import { driveOn } from './support/drive';
import { pageOf } from './support/people';
import { stepOf, waitForStep, wizardOf } from './support/walk';

const sourceId = 'library_6';

test('a cutover is planned, run, signed and decided by keys alone', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  await operator.goto(`/cutovers/new?system=sx&source=${sourceId}`);
  await tabTo(operator, 'Plan the cutover');
  await operator.keyboard.press('Enter');
  await operator.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  const id = /cutovers\/([0-9a-f-]{36})/.exec(operator.url())?.[1] ?? '';

  await test.step('a finished step is told once', async () => {
    await expect.poll(async () => (await wizardOf(operator, id)).next.act?.disabledReason ?? null).toBeNull();
    const told = await listen(operator);
    await tabTo(operator, 'Run preflight');
    await operator.keyboard.press('Enter');
    await waitForStep(operator, id, 'preflight', ['passed']);
    const { title } = stepOf(await wizardOf(operator, id), 'snapshot-source');
    const next = new RegExp(`Next: run ${title}`, 'i');
    await expect.poll(async () => (await told()).filter((text) => next.test(text)).length).toBe(1);
    expect((await told()).length, 'a change of state is told, not each tick').toBeLessThan(10);
  });

  await driveOn(id, 'sign-off');
  await test.step('the reviewer signs: the question starts on its safe answer', async () => {
    await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
    await tabTo(reviewer, 'Reject…');
    await reviewer.keyboard.press('Enter');
    await expect(reviewer.getByRole('dialog')).toBeVisible();
    await reviewer.keyboard.press('Escape');
    await expect.poll(() => nameOfFocus(reviewer)).toBe('Reject…');
    await reviewer.keyboard.press('s');
    await expect.poll(() => nameOfFocus(reviewer)).toBe('Cancel');
    await tabTo(reviewer, 'Sign off');
    await reviewer.keyboard.press('Enter');
    await waitForStep(reviewer, id, 'sign-off', ['passed']);
  });

  await driveOn(id, 'freeze');
  await test.step('a card starts on Cancel, and Escape leads back to the button that opened it', async () => {
    await operator.goto(`/cutovers/${id}`);
    await tabTo(operator, 'Switch…');
    await operator.keyboard.press('Enter');
    await expect(operator.getByRole('dialog').getByLabel(/^Type /)).toBeVisible();
    await expect.poll(() => nameOfFocus(operator)).toBe('Cancel');
    await operator.keyboard.press('Escape');
    await expect.poll(() => nameOfFocus(operator)).toBe('Switch…');
  });

  await test.step('abandoned by keys, its id typed', async () => {
    await tabTo(operator, 'Abandon…', 'Shift+Tab');
    await operator.keyboard.press('Enter');
    await expect.poll(() => nameOfFocus(operator)).toBe('Cancel');
    await operator
      .getByRole('dialog')
      .getByLabel(/^Type /)
      .waitFor();
    await tabTo(operator, /^Type /, 'Shift+Tab');
    await operator.keyboard.type(sourceId);
    await tabTo(operator, /^Abandon/);
    await expect
      .poll(() => operator.evaluate(() => document.activeElement?.getAttribute('aria-disabled') !== 'true'))
      .toBe(true);
    await operator.keyboard.press('Enter');
    await expect.poll(async () => (await wizardOf(operator, id)).state, { timeout: 60_000 }).toBe('abandoned');
  });
});

/** What has the focus, by the words a person reads on it. */
const nameOfFocus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : at?.textContent;
    return (at?.getAttribute('aria-label') ?? label ?? '').trim();
  });

/** Whether the focused element shows that it has the focus: by an outline of its own, or of the label around a hidden box. */
const showsFocus = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return true;
    const outlined = [at, at.nextElementSibling, at.closest('label')].filter((part) => part !== null);
    const styles = [...outlined.map((part) => getComputedStyle(part)), getComputedStyle(at, '::after')];
    return styles.some(
      ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    );
  });

/** Presses Tab until this has the focus; every stop on the way must be seen. */
async function tabTo(page: Page, wanted: string | RegExp, key = 'Tab'): Promise<void> {
  const unseen: string[] = [];
  const is = (name: string): boolean => (typeof wanted === 'string' ? name === wanted : wanted.test(name));
  await expect
    .poll(
      async () => {
        const name = await nameOfFocus(page);
        if (!(await showsFocus(page))) unseen.push(name);
        if (is(name)) return true;
        await page.keyboard.press(key);
        return false;
      },
      { message: `Tab reaches ${String(wanted)}`, intervals: [20], timeout: 30_000 },
    )
    .toBe(true);
  expect(unseen, 'stops without a visible focus').toEqual([]);
}

/** Everything the page's polite region tells from now on, in order. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const region = document.querySelector('[role="status"][aria-live="polite"].sr-only');
    const told: string[] = [];
    Object.assign(window, { told });
    if (!region) throw new Error('no live region');
    new MutationObserver(() => told.push(region.textContent ?? '')).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  return () => page.evaluate(() => (window as unknown as { told: string[] }).told);
}
