import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { rateLimit, session, user } from '@/db/schema';
import { browser } from '@/lib/testing/browser';
import { openControlPlane, password, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { authPath, getAuth } from './auth';
import { demoOn } from './demo-people';
import { requireFreshSignIn } from './fresh-sign-in';
import { requireSession, sessionOf } from './require-session';
import { setRoles } from './set-roles';
import { makeSetupToken, setUpFirstAdmin } from './setup-token';
import { localPath, signIn } from './sign-in';
import { signOut } from './sign-out';
import { switchDemoPerson } from './switch-demo-person';

vi.mock('next/headers', () => import('@/lib/testing/browser'));

let plane: TestControlPlane;
let olga: TestPerson;

beforeAll(async () => {
  plane = await openControlPlane('auth');
});
afterAll(() => plane.close());
beforeEach(async () => {
  browser.forget();
  browser.from('127.0.0.1');
  await plane.db.delete(rateLimit);
});

const code = (act: Promise<unknown>) =>
  act.then(
    () => 'none',
    (thrown: { code?: string }) => thrown.code ?? String(thrown),
  );

it('makes the first admin once, by a token that is good once, and keeps only its digest', async () => {
  const { token, link } = await makeSetupToken();
  expect(link).toBe(`http://localhost:4400/setup#${token}`);
  const form = { email: 'ada@example.org', name: 'Ada', password };
  expect(await code(setUpFirstAdmin({ ...form, token: 'guess' }))).toBe('setup_token_wrong');
  expect(await code(setUpFirstAdmin({ ...form, token, password: 'short' }))).toBe('input_invalid');
  const both = await Promise.all([
    code(setUpFirstAdmin({ ...form, token })),
    code(setUpFirstAdmin({ ...form, email: 'eve@example.org', token })),
  ]);
  expect(both.sort()).toEqual(['none', 'setup_done']);
  expect(await code(setUpFirstAdmin({ ...form, email: 'eve@example.org', token }))).toBe('setup_done');
  expect(await code(makeSetupToken())).toBe('setup_done');
  expect(await plane.db.select().from(user)).toHaveLength(1);
  olga = await plane.addPerson('Olga', 'operator', 'reviewer');
});

it('signs in, reads the session from the database, and a signed-out cookie is worth nothing', async () => {
  expect(await code(requireSession())).toBe('not_signed_in');
  await signIn({ email: olga.email, password });
  const cookies = browser.cookies();
  expect([...cookies.keys()][0]).toMatch(/^cutover-4400\.session_token$/);
  expect((await requireSession()).actor).toEqual({
    id: olga.id,
    name: 'Olga',
    email: olga.email,
    roles: ['operator', 'reviewer'],
  });
  const cookie = [...cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
  await signOut();
  expect(browser.cookies().size).toBe(0);
  expect(await sessionOf(new Headers({ cookie }))).toBeNull();
});

it('refuses open sign-up', async () => {
  const answer = await getAuth().handler(
    new Request(`http://localhost:4400${authPath}/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://localhost:4400', 'x-forwarded-for': '127.0.0.1' },
      body: JSON.stringify({ email: 'eve@example.org', name: 'Eve', password }),
    }),
  );
  expect(answer.status).toBe(400);
  expect(await plane.db.select().from(user).where(eq(user.email, 'eve@example.org'))).toHaveLength(0);
});

it('answers an unknown and a known address alike, and limits guesses by account whatever the address', async () => {
  const tries: string[] = [];
  for (let n = 0; n < 13; n += 1) {
    browser.from(`10.0.0.${n + 1}`);
    tries.push(await code(signIn({ email: olga.email, password: `guess ${n} of many` })));
  }
  expect(tries.slice(0, 10)).toEqual(Array(10).fill('sign_in_wrong'));
  expect(tries.slice(10)).toEqual(Array(3).fill('too_many_tries'));
  expect(await code(signIn({ email: olga.email, password }))).toBe('too_many_tries');
});

it('limits guesses by address whatever the account', async () => {
  const tries: string[] = [];
  for (let n = 0; n < 12; n += 1)
    tries.push(await code(signIn({ email: `nobody${n}@example.org`, password: 'a long wrong guess' })));
  expect(tries.filter((each) => each === 'too_many_tries').length).toBeGreaterThanOrEqual(2);
  expect(tries.slice(0, 5)).toEqual(Array(5).fill('sign_in_wrong'));
});

it('asks for the password again after 15 minutes, and takes a right one as a sign-in', async () => {
  await signIn({ email: olga.email, password });
  const fresh = await requireSession();
  expect(await code(requireFreshSignIn(fresh, undefined))).toBe('none');
  await plane.db
    .update(session)
    .set({ createdAt: new Date(Date.now() - 16 * 60_000) })
    .where(eq(session.id, fresh.session.id));
  const old = await requireSession();
  expect(await code(requireFreshSignIn(old, undefined))).toBe('password_needed');
  expect(await code(requireFreshSignIn(old, 'not her password'))).toBe('sign_in_wrong');
  expect(await code(requireFreshSignIn(old, password))).toBe('none');
  expect(await code(requireFreshSignIn(await requireSession(), undefined))).toBe('none');
});

it('ends the sessions of a person whose roles change, and keeps the last admin', async () => {
  const [ada] = await plane.db.select().from(user).where(eq(user.email, 'ada@example.org'));
  const ctx = plane.ctxOf({ id: ada?.id ?? '', email: 'ada@example.org', name: 'Ada', roles: ['admin'] });
  await signIn({ email: olga.email, password });
  expect(await code(setRoles({ ctx: plane.ctxOf(olga), input: { personId: olga.id, roles: ['admin'] } }))).toBe(
    'role_missing',
  );
  expect(await code(setRoles({ ctx, input: { personId: ctx.actor.id, roles: ['operator'] } }))).toBe('last_admin');
  await setRoles({ ctx, input: { personId: olga.id, roles: ['reviewer'] } });
  expect(await code(requireSession())).toBe('not_signed_in');
  await signIn({ email: olga.email, password });
  expect((await requireSession()).actor.roles).toEqual(['reviewer']);
});

it('says that the control plane is away, and writes no token into the log', async () => {
  await signIn({ email: olga.email, password });
  const cookie = [...browser.cookies()].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
  const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
  expect(token.length).toBeGreaterThan(20);
  const said: string[] = [];
  const listen = vi
    .spyOn(console, 'error')
    .mockImplementation((...words) => void said.push(words.map(String).join(' ')));
  await plane.db.execute(sql`alter table session rename to session_away`);
  try {
    expect(await code(sessionOf(new Headers({ cookie })))).toBe('control_unreachable');
  } finally {
    await plane.db.execute(sql`alter table session_away rename to session`);
    listen.mockRestore();
  }
  expect(said.join()).toContain('auth: ');
  expect(said.join()).not.toContain(token);
});

it('switches persons only in the demo and only from the same machine', async () => {
  expect(await code(switchDemoPerson('operator@demo.localhost'))).toBe('state_forbids');
  expect([demoOn({ NODE_ENV: 'test', CUTOVER_DEMO: '1' }), demoOn({ NODE_ENV: 'test' })]).toEqual([true, false]);
});

it.each([
  ['/cutovers?x=1', '/cutovers?x=1'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  [undefined, '/'],
  ['/a\\b', '/'],
])('leads after the sign-in only to its own pages: %s', (next, path) => expect(localPath(next)).toBe(path));
