import { expect, type Page } from '@playwright/test';
import { test } from '../support/test';
import { type Account, pageOf } from '../support/people';
import { closeWindow, planCutover, pressUntil, rollBack, switchNow, waitForStep, wizardOf } from '../support/walk';

const signers = [
  { email: 'release', name: 'Rena Release', role: 'Release manager' },
  { email: 'incident', name: 'Ivan Incident', role: 'Incident commander' },
  { email: 'platform', name: 'Paula Platform', role: 'Platform operator' },
  { email: 'governance', name: 'Gita Governance', role: 'Governance lead' },
];
const accountOf = ({ email, name }: (typeof signers)[number]): Account => ({
  name,
  email: `${email}@demo.localhost`,
  password: `${email}-demo`,
});

/** Opens the sign-off, chooses the role, writes the reference and signs. */
async function signAs(page: Page, cutoverId: string, role: string, reference: string): Promise<void> {
  await page.goto(`/reviews?cutover=${cutoverId}&step=sign-off`);
  await page.getByRole('button', { name: 'Sign off…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('You decide as').selectOption({ label: role });
  await dialog.getByLabel('Approval reference').fill(reference);
  await dialog.getByRole('button', { name: 'Sign off', exact: true }).click();
  await expect(dialog).toBeHidden();
}

test('four named people promote a community, which closes; another is rolled back', async ({ browser }) => {
  const operator = await pageOf(browser, 'operator');

  const promote = async (sourceId: string): Promise<string> => {
    const id = await planCutover(operator, sourceId, 'humanonly');
    await pressUntil(operator, id, 'sign-off');
    for (const [at, signer] of signers.entries()) {
      const page = await pageOf(browser, accountOf(signer));
      await signAs(page, id, signer.role, `CHG-${at + 1}`);
      await expect(page.getByText(`${at + 1} of 4 signed`)).toBeVisible();
      await page.context().close();
    }
    await waitForStep(operator, id, 'sign-off', ['passed']);
    await switchNow(operator, id, sourceId);
    return id;
  };

  await test.step('lounge: from the first step to the close', async () => {
    const id = await promote('lounge');
    const { signRoles } = (await wizardOf(operator, id, 'sign-off')).step;
    expect(signRoles.map(({ title, by, reference }) => [title, by, reference])).toEqual(
      signers.map(({ role, name }, at) => [role, name, `CHG-${at + 1}`]),
    );
    await operator.goto(`/cutovers/${id}?step=sign-off`);
    await expect(operator.getByText('4 of 4 signed')).toBeVisible();
    await operator.goto(`/cutovers/${id}`);
    await closeWindow({ operator, reviewer: await pageOf(browser, 'reviewer') }, id, 'lounge', 6);
  });

  await test.step('civic: back to sqlite after the switch, and smoked again', async () => {
    const id = await promote('civic');
    await rollBack({ operator, second: await pageOf(browser, 'admin') }, id, 'civic', 'rollback-audit');
  });
});
