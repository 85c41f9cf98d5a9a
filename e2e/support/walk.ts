import { expect, type Page } from '@playwright/test';
import type { WizardDto } from '../../lib/views/dto';

/** What the page shows, as the server says it: waiting is done on this, pressing on the page. */
export async function wizardOf(page: Page, cutoverId: string): Promise<WizardDto> {
  const answer = await page.request.get(`/api/views/wizard?cutoverId=${cutoverId}`);
  expect(answer.status()).toBe(200);
  return (await answer.json()) as WizardDto;
}

export const stepOf = (view: WizardDto, stepId: string) => {
  const step = view.phases.flatMap(({ steps }) => steps).find(({ id }) => id === stepId);
  if (!step) throw new Error(`no step ${stepId}`);
  return step;
};

/** Plans a cutover on the page and opens its wizard. @returns the cutover's id */
export async function planCutover(page: Page, sourceId: string): Promise<string> {
  await page.goto(`/cutovers/new?system=sx&source=${encodeURIComponent(sourceId)}`);
  await page.getByRole('button', { name: 'Plan the cutover' }).click();
  await page.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  return /cutovers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
}

/** Presses the one primary button of the page once it may be pressed. */
export async function pressPrimary(page: Page, cutoverId: string): Promise<void> {
  await expect(async () => {
    const { next } = await wizardOf(page, cutoverId);
    expect(next.act?.disabledReason ?? null).toBeNull();
    await page
      .getByRole('button', { name: next.act?.label ?? '', exact: true })
      .first()
      .click({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

/** Presses the page's one primary button until `stepId` is what comes next. */
export async function pressUntil(page: Page, cutoverId: string, stepId: string): Promise<void> {
  await expect(async () => {
    const view = await wizardOf(page, cutoverId);
    const failed = view.phases.flatMap(({ steps }) => steps).find(({ status }) => status === 'failed');
    if (failed) throw new Stopped(`${failed.id} failed: ${failed.reason}`);
    if (view.next.stepId === stepId) return;
    const act = view.next.act;
    if (act && !act.disabledReason && !act.card && (act.act === 'run' || act.act === 'retry'))
      await page.getByRole('button', { name: act.label, exact: true }).first().click({ timeout: 2_000 });
    expect(view.next.stepId).toBe(stepId);
  }).toPass({ timeout: 200_000, intervals: [300] });
}

class Stopped extends Error {}

/** Waits until a step has one of these statuses. */
export async function waitForStep(page: Page, cutoverId: string, stepId: string, statuses: string[]): Promise<void> {
  await expect
    .poll(async () => stepOf(await wizardOf(page, cutoverId), stepId).status, { timeout: 120_000 })
    .toMatch(new RegExp(`^(${statuses.join('|')})$`));
}

/** Signs as this person, on the reviews page. */
export async function signOff(page: Page, cutoverId: string, stepId: string): Promise<void> {
  await page.goto(`/reviews?cutover=${cutoverId}&step=${stepId}`);
  await page.getByRole('button', { name: 'Sign off', exact: true }).first().click();
  const asked = page.getByRole('dialog').getByRole('button', { name: 'Sign off', exact: true });
  if (await asked.isVisible()) await asked.click();
  await waitForStep(page, cutoverId, stepId, ['passed']);
}

/** Opens a decision card, types the id and presses its last button. */
export async function decide(
  page: Page,
  open: string | RegExp,
  sourceId: string,
  button: string | RegExp,
): Promise<void> {
  await page
    .getByRole('link', { name: open })
    .or(page.getByRole('button', { name: open }))
    .first()
    .click();
  const card = page.getByRole('dialog');
  await card.getByLabel(/^Type /).fill(sourceId);
  const press = card.getByRole('button', { name: button });
  await expect(press).not.toHaveAttribute('aria-disabled', 'true', { timeout: 30_000 });
  await press.click();
}

/** Leaves the live strip of a finished switch. */
export async function goOn(page: Page, cutoverId: string): Promise<void> {
  await waitForStep(page, cutoverId, 'thaw', ['passed']);
  await page.getByRole('button', { name: 'Go on' }).click();
}
