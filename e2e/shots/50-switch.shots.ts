import { expect, test } from '@playwright/test';
import { blockAt, reached, unblock } from '../support/failpoints';
import { pageOf } from '../support/people';
import { decide, planCutover, pressUntil, signOff, waitForStep } from '../support/walk';
import { shootForReadme, shootLive } from './camera';
import { serviceUrl } from './world';

const sourceId = 'assets_2';

test('a sign-off, a switch and the way back', async ({ browser }) => {
  test.setTimeout(400_000);
  const operator = await pageOf(browser, 'operator');
  const reviewer = await pageOf(browser, 'reviewer');
  const id = await planCutover(operator, sourceId);
  await pressUntil(operator, id, 'sign-off');
  await operator.goto(`/cutovers/${id}`);
  await shootLive(operator, 'wizard', '09-waiting');
  await operator.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(operator, 'reviews', 'own-work');
  await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(reviewer, 'reviews', 'waiting');
  await signOff(reviewer, id, 'sign-off');
  await reviewer.goto(`/reviews?cutover=${id}&step=sign-off`);
  await shootLive(reviewer, 'reviews', 'done');

  await operator.goto(`/cutovers/${id}`);
  await pressUntil(operator, id, 'freeze');
  await operator.goto(`/cutovers/${id}?card=switch`);
  await expect(operator.getByRole('dialog').getByLabel(/^Type /)).toBeVisible();
  await shootLive(operator, 'card', 'switch');
  const wide = await pageOf(browser, 'operator', {
    deviceScaleFactor: 2,
    colorScheme: 'dark',
    viewport: { width: 1280, height: 900 },
  });
  await wide.goto(`/cutovers/${id}?card=switch`);
  await wide.getByLabel(/^Type /).fill(sourceId);
  await shootForReadme(wide, 'decision-card');

  await operator.goto(`/cutovers/${id}`);
  blockAt('switch:after-env');
  await decide(operator, /^Switch/, sourceId, 'Switch now');
  await reached('switch:after-env');
  await shootLive(operator, 'wizard', '10-switching');
  unblock('switch:after-env');
  await waitForStep(operator, id, 'thaw', ['passed']);
  await operator.goto(`/cutovers/${id}`);
  await shootLive(operator, 'wizard', '11-switched');

  await writeNote();
  await operator.goto(`/cutovers/${id}?card=rollback`);
  await expect(
    operator
      .getByRole('dialog')
      .getByText(/would be lost/i)
      .first(),
  ).toBeVisible({ timeout: 60_000 });
  await shootLive(operator, 'card', 'rollback-loss');
  await operator.goto('/profiles/sx/assets_2');
  await shootLive(operator, 'profile', 'switched');
});

/** A user writes after the switch: a rollback would lose it. */
async function writeNote(): Promise<void> {
  const headers = { 'X-SX-Source-ID': sourceId, 'content-type': 'application/json' };
  const api = serviceUrl(`sx-${sourceId}`);
  const { items } = (await (await fetch(`${api}/items?limit=1`, { headers })).json()) as { items: { id: string }[] };
  const written = await fetch(`${api}/items/${items[0]?.id}/note-md`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ markdown: 'Check the sound of this one.' }),
  });
  expect(written.status).toBe(200);
}
