import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { test } from '../support/test';
import { parseEnv } from '../../lib/services/env-file';
import { addPerson, consoleUrl, home, pageOf } from '../support/people';
import { planCutover, pressPrimary, waitForStep } from '../support/walk';

test.describe.configure({ mode: 'serial' });

const { port, host } = new URL(consoleUrl() || 'http://localhost:1');
const builtRoutes = (): string[] =>
  Object.values(JSON.parse(readFileSync('.next/app-path-routes-manifest.json', 'utf8')) as Record<string, string>);

/** Values that no page, script or file outside their own may hold. */
function secretValues(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(parseEnv(readFileSync(`${home()}/secrets.env`, 'utf8')))) {
    const password = value.includes('://') ? decodeURIComponent(new URL(value).password) : value;
    if (password.length >= 8) found.set(name, password);
  }
  for (const name of ['auth-secret', 'control-password'])
    found.set(name, readFileSync(`${home()}/run/${name}`, 'utf8').trim());
  return found;
}

const cookieOf = async (page: Page): Promise<string> =>
  (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

test('an upgrade with the address of another server in it reaches nobody', async () => {
  let hits = 0;
  const canary = createServer((socket) => {
    hits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const { port: canaryPort } = canary.address() as { port: number };
  for (const target of [
    `http://127.0.0.1:${canaryPort}/x`,
    `//127.0.0.1:${canaryPort}/x`,
    `/_next/webpack-hmr?to=${canaryPort}`,
  ])
    for (const upgrade of ['websocket', 'h2c'])
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write(
            `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${consoleUrl()}\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
          ),
        );
        let said = '';
        socket.setTimeout(5_000, () => socket.destroy());
        socket.on('data', (part) => {
          said += part.toString('latin1');
        });
        socket.on('error', () => undefined);
        socket.on('close', () => {
          expect(said, `${target} ${upgrade}`).not.toContain('101 Switching');
          resolve();
        });
      });
  expect(hits).toBe(0);
  canary.close();
});

test('no secret is in any page, script, view or stream, nor in any file but its own', async ({ browser }) => {
  const values = secretValues();
  expect(values.size).toBeGreaterThanOrEqual(4);
  const page = await pageOf(browser, 'admin');
  const operator = await pageOf(browser, 'operator');
  // A plan and a preflight, so that there are connections, attempts, logs and evidence to look through.
  const id = await planCutover(operator, 'assets_3');
  await pressPrimary(operator, id);
  await waitForStep(operator, id, 'preflight', ['failed', 'waiting', 'unknown', 'passed']);
  const leaks: string[] = [];
  const look = (text: string, where: string): void => {
    for (const [name, value] of values)
      if (text.includes(value) || text.includes(encodeURIComponent(value))) leaks.push(`${name} in ${where}`);
  };
  const filled = (route: string): string =>
    route
      .replace('[system]', 'sx')
      .replace('[sourceId]', 'assets_3')
      .replace('[cutoverId]', id)
      .replace('[name]', 'sx-postgres-primary');
  const routes = builtRoutes().filter(
    (route) => !route.startsWith('/_') && !route.startsWith('/api') && !route.includes('[id]'),
  );
  const scripts = new Set<string>();
  for (const path of routes.map(filled))
    for (const headers of [{}, { rsc: '1' }] as Record<string, string>[]) {
      const answer = await page.request.get(path, { headers });
      const text = await answer.text();
      look(text, path);
      for (const [script] of text.matchAll(/\/_next\/static\/[\w./~-]+\.(?:js|css)/g)) scripts.add(script);
    }
  expect(scripts.size).toBeGreaterThan(5);
  for (const script of scripts) {
    look(await (await page.request.get(script)).text(), script);
    expect((await page.request.get(`${script}.map`)).status(), `${script}.map`).toBe(404);
  }
  for (const name of ['fleet', 'wizard', 'profile', 'admin', 'audit', 'reviews', 'cutovers', 'move'])
    look(await (await page.request.get(`/api/views/${name}?cutoverId=${id}&system=sx&sourceId=assets_3`)).text(), name);
  look(await (await page.request.get('/api/audit')).text(), '/api/audit');
  const ending = new AbortController();
  const topics = `/api/stream?topics=fleet,cutover:${id}`;
  const stream = await fetch(`${consoleUrl()}${topics}`, {
    headers: { cookie: await cookieOf(page) },
    signal: ending.signal,
  });
  const part = await stream.body?.getReader().read();
  look(Buffer.from(part?.value ?? []).toString(), topics);
  ending.abort();

  /** Files that hold a secret because that is what they are for; all of them are readable by their owner only. */
  const own = /^(secrets\.env|run\/|keys\/|fleet\/target-passwords|fleet\/env\/)/;
  for (const name of readdirSync(home(), { recursive: true }).map(String)) {
    const file = join(home(), name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size > 64 << 20) continue;
    const text = readFileSync(file, 'latin1');
    const holds = [...values].filter(([, value]) => text.includes(value)).map(([secret]) => secret);
    if (holds.length === 0) continue;
    if (own.test(name)) expect((found.mode & 0o077).toString(8), name).toBe('0');
    else leaks.push(`${holds.join(' and ')} in file ${name}`);
  }
  expect(leaks).toEqual([]);
});

test('1,000 requests of two people in turn: each reads their own page, and nothing may be kept', async ({
  browser,
}) => {
  // Two that the demo's list of persons does not name, so that each name stands on its own pages only.
  const admin = await pageOf(browser, 'admin');
  const people: { email: string; cookie: string }[] = [];
  for (const name of ['Cara Cached', 'Dora Double']) {
    const account = await addPerson(admin, name, ['reviewer']);
    people.push({ email: account.email, cookie: await cookieOf(await pageOf(browser, account)) });
  }
  const mixed: string[] = [];
  const one = async (n: number): Promise<void> => {
    const person = people[n % 2];
    const other = people[(n + 1) % 2];
    if (!person || !other) return;
    const rsc: Record<string, string> = n % 4 < 2 ? {} : { rsc: '1' };
    const answer = await fetch(`${consoleUrl()}/account`, { headers: { cookie: person.cookie, ...rsc } });
    const text = await answer.text();
    if (!text.includes(person.email) || text.includes(other.email)) mixed.push(`${n} ${person.email} ${answer.status}`);
    if (!answer.headers.get('cache-control')?.includes('no-store')) mixed.push(`${n} may be kept`);
  };
  for (let n = 0; n < 1000; n += 10) await Promise.all(Array.from({ length: 10 }, (_, at) => one(n + at)));
  expect(mixed).toEqual([]);
});

test('500 streams of one person: most are refused in words, and the console goes on', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  const cookie = await cookieOf(page);
  const ending = new AbortController();
  const statuses = await Promise.all(
    Array.from({ length: 500 }, () =>
      fetch(`${consoleUrl()}/api/stream?topics=fleet`, { headers: { cookie }, signal: ending.signal }).then(
        ({ status }) => status,
        () => 0,
      ),
    ),
  );
  const count = (status: number): number => statuses.filter((each) => each === status).length;
  expect([count(200) + count(429), count(200) <= 24]).toEqual([500, true]);
  expect((await page.request.get('/api/views/fleet')).status()).toBe(200);
  ending.abort();
});

const payloads = [
  '<script>pwned()</script>',
  '"><img src=x onerror=pwned()>',
  "'-pwned()-'",
  '<svg/onload=pwned()>',
  'javascript:pwned()',
  '{{constructor.constructor("pwned()")()}}',
  '</title><script>pwned()</script>',
  '<iframe srcdoc="<script>parent.pwned()</script>">',
  '<a href="javascript:pwned()">x</a>',
  '${pwned()}',
  '<style>@import"//127.0.0.1:9/x"</style>',
  ']]><script>pwned()</script>',
  '<base href="//127.0.0.1:9/">',
  '\u2028pwned()',
  '<math><mtext><script>pwned()</script>',
];

test('payloads in names of tables and columns, in a file name and in notes run nowhere', async ({ browser }) => {
  const folder = `${home()}/fleet/<img src=x onerror=pwned()>`;
  const file = `${folder}/"><svg onload=pwned()>.db`;
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const tables = payloads.map(
    (text, n) =>
      `create table "${`${n}${text}`.replaceAll('"', '""')}" (id integer primary key, "${text.replaceAll('"', '""')}" integer);
      insert into "${`${n}${text}`.replaceAll('"', '""')}" values (1, '${text.replaceAll("'", "''")}');`,
  );
  execFileSync('sqlite3', [file], { input: tables.join('\n') });
  const page = await pageOf(browser, 'operator');
  const ran: string[] = [];
  await page.exposeFunction('pwned', () => {
    ran.push('ran');
  });
  page.on('dialog', (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) ran.push(message.text());
  });
  try {
    await page.goto('/move');
    await page.getByLabel('Filter files').fill('svg onload');
    await page.getByRole('radio').check();
    await expect(page.getByText(`${payloads.length} tables`)).toBeVisible();
    await page.getByLabel(/^DSN/).selectOption('SX_POSTGRES_DSN');
    await page.getByLabel('Schema', { exact: true }).fill('hostile_names');
    await page.getByRole('button', { name: 'Plan the move' }).click();
    await page.waitForURL(/\/cutovers\/[0-9a-f-]{36}/);
    const id = /cutovers\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    await pressPrimary(page, id);
    await waitForStep(page, id, 'preflight', ['failed', 'waiting', 'unknown', 'passed']);
    for (const text of payloads.slice(0, 6)) {
      const add = page.getByRole('button', { name: 'Add note', exact: true }).first();
      await add.click();
      await page.getByLabel('Note', { exact: true }).first().fill(text);
      await add.click();
      await expect(page.locator('li span').filter({ hasText: text })).not.toHaveCount(0);
    }
    for (const tab of ['plan', 'log', 'checkpoints', 'attempts']) {
      await page.goto(`/cutovers/${id}?step=preflight&tab=${tab}`);
      await expect(page.locator('main').first()).toBeVisible();
    }
    const own = `/profiles/files/${encodeURIComponent('"><svg onload=pwned()>.db')}`;
    for (const path of ['/', '/cutovers', '/audit', '/reviews', '/move', own]) {
      await page.goto(path);
      await expect(page.locator('main').first()).toBeVisible();
    }
    await page.goto(`/cutovers/${id}`);
    expect(ran).toEqual([]);
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  }
});
