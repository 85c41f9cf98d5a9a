import { pathToFileURL } from 'node:url';
import { test } from '@playwright/test';
import { writeContactSheets } from './contact-sheets';

test('contact sheets', async ({ page }) => {
  for (const { html, png } of writeContactSheets()) {
    await page.setViewportSize({ width: 2100, height: 900 });
    await page.goto(pathToFileURL(html).href);
    await page.screenshot({ path: png, fullPage: true });
  }
});
