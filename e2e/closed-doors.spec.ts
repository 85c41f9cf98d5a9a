import { readFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { expect } from '@playwright/test';
import { test } from './support/test';
import { consoleUrl, pageOf } from './support/people';

type Answer = { status: number; body: string; location: string };
type Ask = { method?: string; headers?: Record<string, string>; body?: string };

/** A request as any program may send it: no browser corrects Host or Origin. */
const ask = (path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(consoleUrl());
    const sent = send({ host: hostname, port, path, method, headers: { host, ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: text, location: answer.headers.location ?? '' }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });

const built = <T>(name: string): T => JSON.parse(readFileSync(`.next/${name}`, 'utf8')) as T;
const filled = (route: string): string =>
  route
    .replace('[system]', 'sx')
    .replace('[sourceId]', 'assets_2')
    .replace('[cutoverId]', 'c1')
    .replace('[id]', 'a1')
    .replace('[name]', route.includes('/views/') ? 'fleet' : 'sx-postgres-primary');

/** Everything that answers. Who adds a route adds it here, and says who may see it. */
const open = ['/sign-in', '/setup', '/new-password', '/api/health'];
const guarded = [
  '/',
  '/account',
  '/admin',
  '/audit',
  '/cutovers',
  '/cutovers/[cutoverId]',
  '/cutovers/new',
  '/cutovers/wave',
  '/move',
  '/profiles/[system]/[sourceId]',
  '/reviews',
  '/runbooks',
  '/runbooks/[name]',
  '/api/attempts/[id]/log',
  '/api/audit',
  '/api/stream',
  '/api/views/[name]',
];
const pages = () =>
  Object.values(built<Record<string, string>>('app-path-routes-manifest.json')).filter(
    (route) => !route.startsWith('/_'),
  );
const known = new Set([...open, ...guarded]);
const forStrangers = () => pages().filter((route) => !open.includes(route));

/** What only a person who is signed in may read. */
const inside = /assets_1|POSTGRES_PRIMARY|Olga Operator|sx library|"observed"|worker-/;

test('nothing answers but the routes that are written down here', async () => {
  expect(pages().filter((route) => !known.has(route))).toEqual([]);
  for (const path of [
    '/.env',
    '/package.json',
    '/lib/web/server.mjs',
    '/api/auth/sign-up/email',
    '/api/auth/get-session',
    '/api/debug',
    '/_next/image?url=%2Ficon.svg&w=64&q=75',
    '/_next/data/build/index.json',
    '/_next/static/chunks/main.js.map',
    '/_next/../.data/secrets.env',
    '/..%2f..%2fetc/passwd',
  ])
    expect((await ask(path)).status, path).toBeGreaterThanOrEqual(400);
});

test('a stranger reads nothing, whatever headers and spellings steer the request', async () => {
  const steering = [
    {},
    ...[
      'middleware',
      'src/middleware',
      'pages/_middleware',
      'middleware:middleware:middleware:middleware:middleware',
      'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware',
      'proxy:proxy:proxy:proxy:proxy',
    ].map((value) => ({ 'x-middleware-subrequest': value })),
    { rsc: '1' },
    { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
    { 'x-invoke-path': '/sign-in', 'x-matched-path': '/sign-in', 'x-nextjs-data': '1' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' },
  ];
  for (const route of forStrangers()) {
    const path = filled(route);
    for (const headers of steering) {
      const given = { headers: headers as Record<string, string> };
      const first = await ask(path, given);
      // Next sends a router's request to the same page with a marker first.
      const again = first.location.startsWith(path) && first.location.includes('_rsc') ? first.location : null;
      const answer = again ? await ask(again, given) : first;
      const what = `${path} ${JSON.stringify(headers)} → ${answer.status} ${answer.location}`;
      expect(answer.body, what).not.toMatch(inside);
      if (route.startsWith('/api/')) expect(answer.status, what).toBe(401);
      // A prefetched tree holds the names of the address' own parts and nothing else.
      else if (!('next-router-segment-prefetch' in headers)) {
        const said = [answer.location, answer.body].join(' ');
        expect(said, what).toContain('/sign-in');
        // Whoever follows a link from a message lands where it leads once they are signed in.
        if (path !== '/') expect(said, what).toContain(`next=${encodeURIComponent(path)}`);
      }
    }
    for (const spelling of [
      `${path}.rsc`,
      `${path}?_rsc=1`,
      `${path}.segments/_tree.segment.rsc`,
      `/en${path}`,
      `/${path}`,
    ])
      expect((await ask(spelling, { headers: { rsc: '1' } })).body, spelling).not.toMatch(inside);
  }
});

type Actions = { node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }> };
const pathOf = (worker: string): string =>
  filled(built<Record<string, string>>('app-path-routes-manifest.json')[worker.replace(/^app/, '')] ?? '/sign-in');
const forEverybody = new Set(['signInAction', 'setupAction', 'newPasswordAction', 'signOutAction']);

test('no action of any page does anything for a stranger', async () => {
  const actions = Object.entries(built<Actions>('server/server-reference-manifest.json').node);
  expect(actions.length).toBeGreaterThan(20);
  for (const [id, { workers, filename, exportedName }] of actions) {
    const [worker = ''] = Object.keys(workers);
    const answer = await ask(pathOf(worker), {
      method: 'POST',
      headers: {
        origin: new URL(consoleUrl()).origin,
        'next-action': id,
        accept: 'text/x-component',
        'content-type': 'text/plain;charset=UTF-8',
      },
      body: JSON.stringify([{ ok: null, nextKey: '' }, {}]),
    });
    const what = `${filename} ${exportedName} → ${answer.status} ${answer.body.slice(0, 300)}`;
    expect(answer.body, what).not.toMatch(/"ok":true/);
    if (!forEverybody.has(exportedName)) expect(answer.body, what).toContain('not_signed_in');
  }
});

test('writes are taken only from a page of this console, under its own name', async () => {
  const { origin, port } = new URL(consoleUrl());
  const [id = ''] = Object.keys(built<Actions>('server/server-reference-manifest.json').node);
  const post = (headers: Record<string, string>) =>
    ask('/sign-in', { method: 'POST', headers: { 'next-action': id, ...headers }, body: '[]' });
  const strange = [
    {},
    { origin: 'null' },
    { origin: 'http://evil.example' },
    { origin: `http://localhost.evil.example:${port}` },
    { origin: `http://localhost:${Number(port) + 1}` },
  ];
  for (const headers of strange)
    expect((await post(headers as Record<string, string>)).status, JSON.stringify(headers)).toBe(403);
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    expect((await ask('/api/audit', { method })).status, method).toBe(403);
  for (const host of ['evil.example', `evil.example:${port}`, `localhost:${Number(port) + 1}`])
    expect((await ask('/', { headers: { host, origin } })).status, host).toBe(421);
});

test('what a stranger is not shown is there for who is signed in', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  for (const path of ['/', '/profiles/sx/assets_2', '/api/views/fleet'])
    expect(await (await page.request.get(path)).text(), path).toMatch(inside);
});

test('an address that names nothing is a page that says so, not a failure of the console', async ({ browser }) => {
  const page = await pageOf(browser, 'operator');
  const nobody = '00000000-0000-0000-0000-000000000000';
  for (const [path, title] of [
    ['/cutovers/xyz', 'There is no cutover xyz'],
    [`/cutovers/${nobody}`, `There is no cutover ${nobody}`],
    ['/profiles/sx/none', 'There is no profile none in a system sx'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: title }), path).toBeVisible();
  }
});
