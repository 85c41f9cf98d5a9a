import { randomUUID } from 'node:crypto';
import { expect } from '@playwright/test';
import { test } from './support/test';
import { compareProfile } from './support/fleet';
import { look } from './support/look';
import { addPerson, pageOf } from './support/people';
import { changeFields, nextPost, postByHand } from './support/posted';
import {
  decide,
  goOn,
  planCutover,
  pressPrimary,
  pressUntil,
  signOff,
  tickAll,
  waitForStep,
  wizardOf,
} from './support/walk';

test('three people move assets_1 to POSTGRES_PRIMARY and close the window, every cell equal', async ({ browser }) => {
  test.setTimeout(600_000);
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const admin = await pageOf(browser, 'admin');
  const helper = await pageOf(browser, await addPerson(admin, 'Hanna Helper', ['operator', 'reviewer']));
  const id = await planCutover(operator, 'assets_1');
  await pressUntil(operator, id, 'baseline');
  await helper.goto(`/cutovers/${id}`);
  await pressPrimary(helper, id);
  await pressUntil(operator, id, 'sign-off');

  await test.step('who ran a step cannot sign, neither on the page nor by hand', async () => {
    for (const page of [operator, helper]) {
      await page.goto(`/reviews?cutover=${id}&step=sign-off`);
      await expect(page.getByText(/you cannot sign/i).first()).toBeVisible();
    }
    const posted = await nextPost(reviewer, () => signOff(reviewer, id, 'sign-off'));
    const answer = await postByHand(helper, changeFields(posted, { key: randomUUID() }));
    expect(answer).toContain('own_work');
    expect((await wizardOf(reviewer, id, 'sign-off')).step.signOff?.by).toBe('Rafael Reviewer');
  });

  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'freeze');
  await decide(operator, /^Switch/, 'assets_1', 'Switch now');
  await goOn(operator, id);
  await test.step('both sides hold the same cells, by sqlite3 and psql', () => {
    const compared = compareProfile('assets_1', 'assets_1.db');
    expect(compared.filter(({ equal }) => !equal)).toEqual([]);
    expect(compared.find(({ table }) => table === 'videos')?.sourceRows).toBeGreaterThan(1000);
  });

  await test.step('the watch: plugin operations, log scan, six items each ticked with a note', async () => {
    await pressUntil(operator, id, 'checklist');
    await operator.goto(`/cutovers/${id}?step=checklist`);
    expect(await tickAll(operator, id, 'checklist')).toHaveLength(6);
    await expect(operator.getByText('6 of 6 ticked')).toBeVisible();
    await expect(operator.getByText('Seen, item 6: rollback-shared')).toBeVisible();
  });
  await test.step('the reviewer signs the close, the operator closes the window', async () => {
    await signOff(reviewer, id, 'close-sign-off');
    await operator.goto(`/cutovers/${id}`);
    await decide(operator, /^Close the window/, 'assets_1', /^Close/);
    await waitForStep(operator, id, 'close', ['passed']);
    expect((await wizardOf(operator, id)).state).toBe('closed');
    await expect(operator.getByText('Closed.').first()).toBeVisible();
    await look(operator, `/cutovers/${id}`);
  });
  await test.step('the profile is on POSTGRES_PRIMARY, and its cutover is past', async () => {
    await operator.goto('/profiles/sx/assets_1');
    await expect(operator.getByText('POSTGRES_PRIMARY').first()).toBeVisible();
    await operator.goto('/profiles/sx/assets_1?tab=cutovers');
    await expect(
      operator
        .getByRole('row')
        .filter({ hasText: /closed/i })
        .first(),
    ).toBeVisible();
  });
});
