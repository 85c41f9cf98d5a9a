import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';

export type Who = 'operator' | 'reviewer' | 'admin';
export type Account = { name: string; email: string; password: string };
const passwords: Record<Who, string> = {
  operator: 'operator-demo',
  reviewer: 'reviewer-demo',
  admin: 'adminis-demo',
};

export const consoleUrl = (): string => process.env.CUTOVER_E2E_URL ?? '';
export const home = (): string => process.env.CUTOVER_E2E_HOME ?? '';

type Kept = Awaited<ReturnType<BrowserContext['storageState']>>;
/** Sessions of this process, so that many windows of one person are one sign-in: more than ten a minute are refused. */
const sessions = new Map<string, Kept>();

const passwordsOf = new WeakMap<BrowserContext, string>();

/** Of whom a window is signed in as: a dangerous press asks for it when the last sign-in is old. */
export const passwordOf = (page: Page): string => passwordsOf.get(page.context()) ?? '';

/** A browser window of one person, signed in by the form as anybody would, the first time. */
export async function pageOf(
  browser: Browser,
  who: Who | Account,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const account = typeof who === 'string' ? { email: `${who}@demo.localhost`, password: passwords[who] } : who;
  const storageState = sessions.get(account.email);
  const context = await browser.newContext({
    baseURL: consoleUrl(),
    ...(storageState ? { storageState } : {}),
    ...options,
  });
  passwordsOf.set(context, account.password);
  const page = await context.newPage();
  await tryAgainAsOffered(page);
  await page.goto('/');
  if (new URL(page.url()).pathname === '/') return page;
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).first().click();
  await page.waitForURL((url) => url.pathname === '/', { timeout: 60_000 });
  sessions.set(account.email, await context.storageState());
  return page;
}

const failureOf = (page: Page) => page.getByRole('heading', { name: 'This page cannot be shown' });

/** From here on the failure itself is what this page is to show. */
export const leaveFailure = (page: Page): Promise<void> => page.removeLocatorHandler(failureOf(page));

/** On a busy machine the control plane may miss its time limit; the page offers to try again, and a person would. */
async function tryAgainAsOffered(page: Page): Promise<void> {
  const press = async () => {
    process.stdout.write(`      (tried again: ${page.url()})\n`);
    await page.getByRole('button', { name: 'Try again' }).click();
  };
  // Three times and no more: a page that stays broken must fail its test.
  await page.addLocatorHandler(failureOf(page), press, { times: 3, noWaitAfter: true });
}

/** An admin adds a person by the form of the admin page. */
export async function addPerson(admin: Page, name: string, roles: Who[]): Promise<Account> {
  const account = {
    name,
    email: `${name.toLowerCase().replaceAll(' ', '.')}@demo.localhost`,
    password: 'a-first-password',
  };
  await admin.goto('/admin');
  const form = admin.locator('form').filter({ has: admin.getByLabel('First password') });
  await form.getByLabel('Name').fill(account.name);
  await form.getByLabel('E-mail').fill(account.email);
  await form.getByLabel('First password').fill(account.password);
  for (const role of ['operator', 'reviewer', 'admin'] as const)
    await form.getByRole('checkbox', { name: new RegExp(`^${role}`) }).setChecked(roles.includes(role));
  await form.getByRole('button', { name: 'Add person' }).click();
  // The answer of the server, not the list beside it: that one is read again on its own clock.
  await expect(admin.getByText('They can sign in now')).toBeVisible();
  return account;
}
