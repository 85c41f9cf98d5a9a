import type { Browser, Page } from '@playwright/test';

export type Who = 'operator' | 'reviewer' | 'admin';
const passwords: Record<Who, string> = {
  operator: 'operator-demo',
  reviewer: 'reviewer-demo',
  admin: 'adminis-demo',
};

export const consoleUrl = (): string => process.env.CUTOVER_E2E_URL ?? '';
export const home = (): string => process.env.CUTOVER_E2E_HOME ?? '';

/** A browser window of one person, signed in by the form as anybody would. */
export async function pageOf(
  browser: Browser,
  who: Who,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const context = await browser.newContext({ baseURL: consoleUrl(), ...options });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(`${who}@demo.localhost`);
  await page.getByLabel('Password').fill(passwords[who]);
  await page.getByRole('button', { name: 'Sign in', exact: true }).first().click();
  await page.waitForURL((url) => url.pathname === '/');
  return page;
}
