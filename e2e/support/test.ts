import { test as base } from '@playwright/test';

/** As Playwright's own, but windows opened in a test are closed at its end: a live page goes on reading and drawing until then, which
 *  slows everything that comes after it. A spec whose tests share a window takes Playwright's. */
export const test = base.extend<{ closedAtEnd: undefined }>({
  closedAtEnd: [
    async ({ browser }, use) => {
      const before = browser.contexts();
      await use(undefined);
      const opened = browser.contexts().filter((context) => !before.includes(context));
      await Promise.all(opened.map((context) => context.close()));
    },
    { auto: true },
  ],
});
