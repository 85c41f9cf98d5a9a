import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { auditEntry, rateLimit, user, verification } from '@/db/schema';
import { readPeopleNames } from '@/db/queries/person/read-people-names';
import { browser } from '@/lib/testing/browser';
import { openControlPlane, password, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { changePassword } from './change-password';
import { deactivatePerson, reactivatePerson, removePerson } from './deactivate-person';
import { requireSession, sessionOf } from './require-session';
import { makeResetLink, resetPassword } from './reset-password';
import { setRoles } from './set-roles';
import { signIn } from './sign-in';

vi.mock('next/headers', () => import('@/lib/testing/browser'));

let plane: TestControlPlane;
let ada: TestPerson;
let olga: TestPerson;
const other = 'another horse battery';

beforeAll(async () => {
  plane = await openControlPlane('people');
  ada = await plane.addPerson('Ada', 'admin');
  olga = await plane.addPerson('Olga', 'operator');
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
const asAda = () => plane.ctxOf(ada);
const cookie = () => [...browser.cookies()].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
const tokenOf = (link: string) => link.split('#')[1] ?? '';
const acts = async () =>
  (await plane.db.select({ act: auditEntry.act }).from(auditEntry).orderBy(auditEntry.n)).map(({ act }) => act);

it('ends the sessions of a deactivated person at once and tells them so, until an admin lets them in again', async () => {
  await signIn({ email: olga.email, password });
  const before = cookie();
  await deactivatePerson({ ctx: asAda(), input: { personId: olga.id } });
  expect(await sessionOf(new Headers({ cookie: before }))).toBeNull();
  browser.forget();
  expect(await code(signIn({ email: olga.email, password }))).toBe('person_deactivated');
  expect(await code(signIn({ email: olga.email, password: 'a wrong long guess' }))).toBe('sign_in_wrong');
  expect(await code(makeResetLink({ ctx: asAda(), input: { personId: olga.id } }))).toBe('state_forbids');
  await reactivatePerson({ ctx: asAda(), input: { personId: olga.id } });
  await signIn({ email: olga.email, password });
  expect((await requireSession()).actor.roles).toEqual(['operator']);
  expect(await acts()).toEqual(expect.arrayContaining(['person deactivated', 'person let in again']));
});

it('keeps the last admin who may sign in, whatever a deactivated one could do', async () => {
  const aki = await plane.addPerson('Aki', 'admin');
  await deactivatePerson({ ctx: asAda(), input: { personId: aki.id } });
  const own = { ctx: asAda(), input: { personId: ada.id } };
  expect(await code(deactivatePerson(own))).toBe('last_admin');
  expect(await code(removePerson(own))).toBe('last_admin');
  expect(await code(setRoles({ ctx: asAda(), input: { personId: ada.id, roles: ['operator'] } }))).toBe('last_admin');
  await reactivatePerson({ ctx: asAda(), input: { personId: aki.id } });
  const both = await Promise.all([
    code(removePerson({ ctx: asAda(), input: { personId: aki.id } })),
    code(removePerson({ ctx: plane.ctxOf(aki), input: { personId: ada.id } })),
  ]);
  expect(both.sort()).toEqual(['last_admin', 'none']);
  const left = await plane.db.execute<{ id: string }>(
    sql`select id from "user" where role like '%admin%' and banned is not true`,
  );
  expect(left.rows).toHaveLength(1);
  ada = [ada, aki].find(({ id }) => id === left.rows[0]?.id) ?? ada;
});

it('removes a person for good, keeps their name in history and frees their address', async () => {
  const nora = await plane.addPerson('Nora', 'reviewer');
  await signIn({ email: nora.email, password });
  const before = cookie();
  await removePerson({ ctx: asAda(), input: { personId: nora.id } });
  expect(await sessionOf(new Headers({ cookie: before }))).toBeNull();
  browser.forget();
  expect(await code(signIn({ email: nora.email, password }))).toBe('sign_in_wrong');
  expect((await readPeopleNames(plane.db, [nora.id])).get(nora.id)).toBe('Nora');
  expect(await code(reactivatePerson({ ctx: asAda(), input: { personId: nora.id } }))).toBe('person_unknown');
  const again = await plane.addPerson('Nora', 'operator');
  expect(again.id).not.toBe(nora.id);
});

it('sets a new password by a link that is good once, and only the newest one', async () => {
  const old = await makeResetLink({ ctx: asAda(), input: { personId: olga.id } });
  await signIn({ email: olga.email, password });
  const before = cookie();
  const { link } = await makeResetLink({ ctx: asAda(), input: { personId: olga.id } });
  expect(link).toMatch(/^http:\/\/localhost:4400\/new-password#[A-Za-z0-9]{24}$/);
  expect(await sessionOf(new Headers({ cookie: before }))).toBeNull();
  const kept = await plane.db.select().from(verification).where(eq(verification.value, olga.id));
  expect(kept).toHaveLength(1);
  expect(JSON.stringify(kept)).not.toContain(tokenOf(link));
  expect(await code(resetPassword({ token: tokenOf(old.link), password: other }))).toBe('reset_link_wrong');
  expect(await code(resetPassword({ token: 'guess', password: other }))).toBe('reset_link_wrong');
  expect(await code(resetPassword({ token: tokenOf(link), password: 'short' }))).toBe('input_invalid');
  const both = await Promise.all([1, 2].map(() => code(resetPassword({ token: tokenOf(link), password: other }))));
  expect(both.sort()).toEqual(['none', 'reset_link_wrong']);
  browser.forget();
  expect(await code(signIn({ email: olga.email, password }))).toBe('sign_in_wrong');
  await signIn({ email: olga.email, password: other });
  expect(await acts()).toEqual(expect.arrayContaining(['password link made', 'password set by link']));
});

it('refuses a link older than an hour', async () => {
  const { link } = await makeResetLink({ ctx: asAda(), input: { personId: olga.id } });
  await plane.db.update(verification).set({ expiresAt: new Date(Date.now() - 1_000) });
  expect(await code(resetPassword({ token: tokenOf(link), password }))).toBe('reset_link_wrong');
});

it('changes one’s own password only with the current one, keeps this session and ends the others', async () => {
  await signIn({ email: olga.email, password: other });
  const elsewhere = cookie();
  browser.forget();
  await signIn({ email: olga.email, password: other });
  const ctx = await requireSession();
  expect(await code(changePassword({ ctx, input: { current: 'not her password', password } }))).toBe('sign_in_wrong');
  expect(await code(changePassword({ ctx, input: { current: other, password: 'short' } }))).toBe('input_invalid');
  await changePassword({ ctx, input: { current: other, password } });
  expect((await requireSession()).actor.id).toBe(olga.id);
  expect(await sessionOf(new Headers({ cookie: elsewhere }))).toBeNull();
  expect(await code(signIn({ email: olga.email, password }))).toBe('none');
});

it('lets only an admin change people, and nothing changes otherwise', async () => {
  const people = () => plane.db.select().from(user).orderBy(user.id);
  const before = await people();
  const ctx = plane.ctxOf(olga);
  for (const act of [deactivatePerson, reactivatePerson, removePerson, makeResetLink])
    expect(await code(act({ ctx, input: { personId: ada.id } }))).toBe('role_missing');
  expect(await people()).toEqual(before);
});
