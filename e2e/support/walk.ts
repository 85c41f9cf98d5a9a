import { expect, type Locator, type Page } from '@playwright/test';
import type { DecisionDto, StepRowDto, WizardDto } from '../../lib/views/dto';
import { passwordOf } from './people';

/** One step of the runbook is given this long, waiting for a worker included. */
const stepMs = 120_000;

/** What the page shows, as the server says it: waiting is done on this, pressing on the page. */
export async function wizardOf(page: Page, cutoverId: string, stepId?: string): Promise<WizardDto> {
  const params = { cutoverId, ...(stepId ? { stepId } : {}) };
  const ask = () => page.request.get('/api/views/wizard', { params });
  let answer = await ask();
  // 503: the control plane was too busy to answer in time. A page keeps what it shows and asks again, and so do we.
  const again = async (): Promise<number> => {
    if (answer.status() === 503) answer = await ask();
    return answer.status();
  };
  await expect.poll(again).toBe(200);
  return (await answer.json()) as WizardDto;
}

export const stepOf = (view: WizardDto, stepId: string): StepRowDto => {
  const step = view.phases.flatMap(({ steps }) => steps).find(({ id }) => id === stepId);
  if (!step) throw new Error(`no step ${stepId}`);
  return step;
};

/** What a person would read about a step that did not pass: its reason, its claims, its last lines. */
async function sayWhy(page: Page, cutoverId: string, { id, status, reason }: StepRowDto): Promise<Error> {
  const { step } = await wizardOf(page, cutoverId, id);
  const last = step.attemptsList.at(-1) ?? step.planAttempt;
  const lines = [
    `${id} is ${status}: ${reason ?? ''}`,
    ...(last?.error ? [`${last.error.message} [${last.error.code}]`] : []),
    ...step.checkpoints
      .filter(({ verdict }) => verdict !== 'passed')
      .map(({ claim, verdict }) => `${verdict}: ${claim}`),
    ...(last?.tail ?? []).map(({ text }) => `| ${text}`),
  ];
  return new Error(lines.join('\n'));
}

/** Plans a cutover on the page and opens its wizard. @returns the cutover's id */
export async function planCutover(page: Page, sourceId: string, system = 'sx'): Promise<string> {
  await page.goto(`/cutovers/new?system=${system}&source=${encodeURIComponent(sourceId)}`);
  await page.getByRole('button', { name: 'Plan the cutover' }).click();
  await page.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
  return /cutovers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
}

/** Presses what may be pressed now; it may be gone by then, and the next look at the server decides. */
const tryPress = (button: Locator): Promise<void> =>
  button
    .first()
    .click({ timeout: 1_000 })
    .catch(() => undefined);

/** Presses the page's one primary button once it may be pressed, until the server has taken the press. */
export async function pressPrimary(page: Page, cutoverId: string): Promise<void> {
  const before = (await wizardOf(page, cutoverId)).next.stepId;
  await expect
    .poll(
      async () => {
        const { next, phases } = await wizardOf(page, cutoverId);
        const step = phases.flatMap(({ steps }) => steps).find(({ id }) => id === before);
        if (next.stepId !== before || step?.running) return true;
        const act = next.act;
        if (act && !act.disabledReason) await tryPress(page.getByRole('button', { name: act.label, exact: true }));
        return false;
      },
      { timeout: stepMs, intervals: [200] },
    )
    .toBe(true);
}

/** Looks until what it waits for is reached. The time of a step begins anew whenever anything moves: how many steps a walk
 *  has, and how busy the machine is, ends none that goes on. */
async function whileItMoves(look: () => Promise<{ reached: boolean; at: string }>): Promise<void> {
  let seen: { reached: boolean; at: string } = { reached: false, at: '' };
  const moves = async (): Promise<boolean> => {
    const now = await look();
    const moved = now.reached || now.at !== seen.at;
    seen = now;
    return moved;
  };
  do await expect.poll(moves, { timeout: stepMs, intervals: [200], message: `nothing moves: ${seen.at}` }).toBe(true);
  while (!seen.reached);
}

const stepsIn = ({ phases }: WizardDto): StepRowDto[] => phases.flatMap(({ steps }) => steps);
const statusesOf = (view: WizardDto): string =>
  stepsIn(view)
    .map(({ id, status }) => `${id} ${status}`)
    .join(', ');

/** Presses the page's one primary button, step after step, until `stepId` is what comes next. A failed step ends it. */
export async function pressUntil(page: Page, cutoverId: string, stepId: string): Promise<void> {
  await whileItMoves(async () => {
    const view = await wizardOf(page, cutoverId);
    const broke = stepsIn(view).find(({ status }) => status === 'failed');
    // A throw ends the poll at once, with the step's own words.
    if (broke) throw await sayWhy(page, cutoverId, broke);
    const { act, stepId: at } = view.next;
    if (at !== stepId && act && !act.disabledReason && !act.card && ['run', 'retry'].includes(act.act))
      await tryPress(page.getByRole('button', { name: act.label, exact: true }));
    return { reached: at === stepId, at: statusesOf(view) };
  });
}

/** Waits until a step has one of these statuses; one that fails instead ends the wait at once. */
export async function waitForStep(page: Page, cutoverId: string, stepId: string, statuses: string[]): Promise<void> {
  await whileItMoves(async () => {
    const view = await wizardOf(page, cutoverId);
    const step = stepOf(view, stepId);
    if (step.status === 'failed' && !statuses.includes('failed')) throw await sayWhy(page, cutoverId, step);
    return { reached: statuses.includes(step.status), at: statusesOf(view) };
  });
}

/** Signs as this person, on the reviews page. */
export async function signOff(page: Page, cutoverId: string, stepId: string): Promise<void> {
  await page.goto(`/reviews?cutover=${cutoverId}&step=${stepId}`);
  await page.getByRole('button', { name: 'Sign off', exact: true }).first().click();
  await waitForStep(page, cutoverId, stepId, ['passed']);
}

/** Waits until both sides were read and that many rows are found that a rollback would lose: as long as for any step. */
export async function waitForLoss(page: Page, cutoverId: string, rows: number): Promise<void> {
  const lost = async (): Promise<string> => {
    const answer = await page.request.get('/api/views/decision', { params: { cutoverId, act: 'rollback' } });
    if (answer.status() !== 200) return `status ${answer.status()}`;
    const { loss, lossReading, checks } = (await answer.json()) as DecisionDto;
    const broke = checks.find(({ key, status }) => key === 'plan' && status === 'failed');
    if (broke) throw new Error(`${broke.text}: ${broke.detail}`);
    return lossReading?.reading ? 'reading both sides' : (loss?.count ?? 'unknown');
  };
  await expect.poll(lost, { timeout: stepMs, intervals: [500] }).toBe(String(rows));
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
  const password = card.getByLabel('Your password');
  if (await password.isVisible()) await password.fill(passwordOf(page));
  const press = card.getByRole('button', { name: button });
  await expect(press).not.toHaveAttribute('aria-disabled', 'true', { timeout: 30_000 });
  await press.click();
}

/** Leaves the live strip of a finished switch. */
export async function goOn(page: Page, cutoverId: string): Promise<void> {
  await waitForStep(page, cutoverId, 'thaw', ['passed']);
  await page.getByRole('button', { name: 'Show the steps' }).click();
}

/** From the signed gate over the switch: what is left before it is pressed on, the switch on its card. */
export async function switchNow(page: Page, cutoverId: string, sourceId: string): Promise<void> {
  await page.goto(`/cutovers/${cutoverId}`);
  await pressUntil(page, cutoverId, 'freeze');
  await decide(page, /^Switch/, sourceId, 'Switch now');
  await goOn(page, cutoverId);
}

/** Ticks every item of the checklist with a note of its own; the next one only when the form of the last is gone. */
export async function tickAll(page: Page, cutoverId: string, stepId: string): Promise<string[]> {
  const { step } = await wizardOf(page, cutoverId, stepId);
  for (const [index, item] of step.checklist.entries()) {
    const note = page.getByLabel(`What you saw: ${item.text}`);
    await note.fill(`Seen, item ${index + 1}: ${item.id}`);
    const form = page.locator('form').filter({ has: note });
    await form.getByRole('button', { name: 'Tick' }).click();
    await expect(note).toHaveCount(0);
  }
  return step.checklist.map(({ id }) => id);
}

/** From the watch to the closed window: every item ticked, signed by a reviewer, closed. */
export async function closeWindow(
  { operator, reviewer }: { operator: Page; reviewer: Page },
  cutoverId: string,
  sourceId: string,
  items: number,
): Promise<void> {
  await pressUntil(operator, cutoverId, 'checklist');
  await operator.goto(`/cutovers/${cutoverId}?step=checklist`);
  expect(await tickAll(operator, cutoverId, 'checklist')).toHaveLength(items);
  await signOff(reviewer, cutoverId, 'close-sign-off');
  await operator.goto(`/cutovers/${cutoverId}`);
  await decide(operator, /^Close the window/, sourceId, /^Close/);
  await waitForStep(operator, cutoverId, 'close', ['passed']);
  expect((await wizardOf(operator, cutoverId)).state).toBe('closed');
}

/** Confirms on an open card as the second person, again where the press falls into the moment in which the page comes alive. */
export async function confirmAsSecond(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Confirm as the second person' });
  const confirmed = page.getByText(/You confirmed it, so another person presses/).first();
  await expect(button.or(confirmed)).toBeVisible({ timeout: 60_000 });
  await expect(async () => {
    if (await button.isVisible()) await button.click({ timeout: 5_000 });
    await expect(confirmed).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
}

/** A rollback that drops rows: a second person stands behind it, the operator presses. @param last step that ends it */
export async function rollBack(
  { operator, second }: { operator: Page; second: Page },
  cutoverId: string,
  sourceId: string,
  last: string,
): Promise<void> {
  await operator.goto(`/cutovers/${cutoverId}?card=rollback`);
  await second.goto(`/cutovers/${cutoverId}?card=rollback`);
  await confirmAsSecond(second);
  await operator.goto(`/cutovers/${cutoverId}`);
  await decide(operator, /^Roll back/, sourceId, /^Roll back now/);
  await waitForStep(operator, cutoverId, last, ['passed']);
  expect((await wizardOf(operator, cutoverId)).state).toBe('rolled_back');
}
