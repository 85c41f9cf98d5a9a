import { test } from '../support/test';
import { driveUntil } from '../support/drive';
import { pageOf } from '../support/people';
import { pressPrimary, waitForStep } from '../support/walk';
import { shootForReadme, shootLive } from './camera';
import { damageTarget } from './world';

const damage = `
  update sx_library_7.video_notes set markdown = replace(markdown, ' ', chr(160))
   where video_id = (select min(video_id) from sx_library_7.video_notes);
  update sx_library_7.videos set caption = caption || ' '
   where id = (select min(id) from sx_library_7.videos);
  delete from sx_library_7.user_meta where video_id = (select max(video_id) from sx_library_7.user_meta);`;

test('a row diff that names the three rows that differ', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  const id = await driveUntil('library_7', 'row-diff');
  await page.goto(`/cutovers/${id}`);
  damageTarget(damage);
  await pressPrimary(page, id);
  await waitForStep(page, id, 'row-diff', ['failed']);
  await page.goto(`/cutovers/${id}?step=row-diff&tab=checkpoints`);
  await shootLive(page, 'wizard', '08-differs');
  const wide = await pageOf(browser, 'operator', {
    deviceScaleFactor: 2,
    colorScheme: 'light',
    viewport: { width: 1440, height: 900 },
  });
  await wide.goto(`/cutovers/${id}?step=row-diff&tab=checkpoints`);
  // The rows themselves, with the tabs that stay in place above them.
  await wide
    .getByText('Not compared', { exact: true })
    .first()
    .evaluate((part: HTMLElement) => {
      part.style.scrollMarginTop = '150px';
      part.scrollIntoView();
    });
  await shootForReadme(wide, 'row-diff');
});
