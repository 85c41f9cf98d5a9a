import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { compareProfile } from './support/fleet';
import { home, pageOf } from './support/people';
import { decide, goOn, planCutover, pressUntil, signOff, waitForStep, wizardOf } from './support/walk';

test('three people move assets_1 to POSTGRES_PRIMARY and close the window', async ({ browser }) => {
  test.setTimeout(300_000);
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const id = await planCutover(operator, 'assets_1');
  await pressUntil(operator, id, 'sign-off');
  await test.step('the operator cannot sign what they ran', async () => {
    await operator.goto(`/reviews?cutover=${id}&step=sign-off`);
    await expect(operator.getByText(/you cannot sign/i).first()).toBeVisible();
    await operator.goto(`/cutovers/${id}`);
  });
  await signOff(reviewer, id, 'sign-off');
  await pressUntil(operator, id, 'freeze');
  await decide(operator, /^Switch/, 'assets_1', 'Switch now');
  await goOn(operator, id);
  expect((await wizardOf(operator, id)).state).toBe('switched');
  const compared = compareProfile('assets_1', 'assets_1.db');
  expect(compared.filter(({ equal }) => !equal)).toEqual([]);
  expect(compared.find(({ table }) => table === 'videos')?.sourceRows).toBeGreaterThan(1000);
  await pressUntil(operator, id, 'checklist');
  await tickAll(operator, id);
  await signOff(reviewer, id, 'close-sign-off');
  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'close');
  await decide(operator, /^Close/, 'assets_1', /Close/);
  await waitForStep(operator, id, 'close', ['passed']);
  await operator.goto('/profiles/sx/assets_1');
  await expect(operator.getByText('POSTGRES_PRIMARY').first()).toBeVisible();
  expect(readFileSync(`${home()}/fleet/env/sx-assets_1.env`, 'utf8')).toMatch(/^SX_DB_BACKEND_MODE=POSTGRES_PRIMARY$/m);
});

async function tickAll(page: Parameters<typeof wizardOf>[0], id: string): Promise<void> {
  await page.goto(`/cutovers/${id}?step=checklist`);
  for (let ticked = 0; ticked < 6; ticked += 1) {
    await page
      .getByLabel(/^(Note|What you saw)/)
      .first()
      .fill('Seen in the evidence and on the page.');
    await page.getByRole('button', { name: /^Tick/ }).first().click();
    await expect
      .poll(async () => {
        const answer = await page.request.get(`/api/views/wizard?cutoverId=${id}&stepId=checklist`);
        const view = (await answer.json()) as Awaited<ReturnType<typeof wizardOf>>;
        return view.step.checklist.filter(({ tick }) => tick).length;
      })
      .toBe(ticked + 1);
  }
}
