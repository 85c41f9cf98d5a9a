import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import * as admin from '@/app/(console)/admin/actions';
import * as wizard from '@/app/(console)/cutovers/[cutoverId]/actions';
import { signIn } from '@/lib/auth/sign-in';
import { type ActionStage, type Fields, openActionStage, press } from '@/lib/testing/action-stage';
import { browser } from '@/lib/testing/browser';
import { password } from '@/lib/testing/control-plane';

vi.mock('next/headers', () => import('@/lib/testing/browser'));

let stage: ActionStage;
beforeAll(async () => {
  stage = await openActionStage('presses');
});
afterAll(() => stage.plane.close());
beforeEach(() => stage.begin());

const on = (more: Fields = {}): Fields => ({ key: randomUUID(), cutoverId: stage.seeded.id, ...more });

it('takes the actor from the session, whatever the form says', async () => {
  await stage.asPerson('operator');
  expect(
    await press(wizard.addNoteAction, {
      ...on({ text: 'mine' }),
      actor: stage.people.admin.id,
      by: stage.people.admin.id,
    }),
  ).toBe('done');
  const found = await stage.plane.db.execute<{ by: string }>(sql`select by from note where text = 'mine'`);
  expect(found.rows).toEqual([{ by: stage.people.operator.id }]);
});

it('acts once for two clicks with one key, and refuses the key of another person', async () => {
  const key = randomUUID();
  await stage.asPerson('operator');
  const both = await Promise.all(
    [1, 2].map(() => press(wizard.addNoteAction, { key, cutoverId: stage.seeded.id, text: 'once' })),
  );
  expect(both).toEqual(['done', 'done']);
  const found = await stage.plane.db.execute(sql`select 1 from note where text = 'once'`);
  expect(found.rows).toHaveLength(1);
  browser.forget();
  await stage.asPerson('other');
  expect(await press(wizard.addNoteAction, { key, cutoverId: stage.seeded.id, text: 'once' })).toBe('key_of_another');
});

it('asks for the password before an abandon when the last sign-in is old', async () => {
  await stage.asPerson('operator');
  await stage.plane.db.execute(sql`update session set created_at = now() - interval '16 minutes'`);
  expect(await press(wizard.abandonAction, on({ typedId: 'assets_1' }))).toBe('password_needed');
  expect(await press(wizard.abandonAction, on({ typedId: 'assets_1', password: 'wrong wrong wrong' }))).toBe(
    'sign_in_wrong',
  );
  expect(await press(wizard.abandonAction, on({ typedId: 'assets_2', password }))).toBe('typed_id_differs');
});

it('chooses a rule that loses values only with the typed id, for one finding as for several', async () => {
  const { db } = stage.plane;
  const cutoverId = stage.seeded.id;
  await db.execute(sql`insert into attempt (id, cutover_id, step_id, verb, no, state, deadline_at)
    values ('looked', ${cutoverId}, 'import', 'run', 900, 'done', now())`);
  for (const key of ['t.a', 't.b'])
    await db.execute(sql`insert into finding (cutover_id, key, step_id, code, table_name, count, sample, message, rules, attempt_id)
      values (${cutoverId}, ${key}, 'import', 'class_differs', 't', 2, '[]', 'm',
        '[{"name":"set-null","effect":""},{"name":"widen-to-text","effect":""}]', 'looked')`);
  const rules = async () =>
    (await db.execute<{ rule: string | null }>(sql`select rule from finding order by key`)).rows.map(
      ({ rule }) => rule,
    );
  const choose = async (rule: string, keys: string[], more: Fields = {}): Promise<string> => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...on({ rule, ...more }) })) form.set(name, String(value));
    for (const key of keys) form.append('findingKey', key);
    const answer = await wizard.chooseRuleAction({ ok: null, nextKey: '' }, form);
    return answer.ok ? 'done' : answer.error.code;
  };
  await stage.asPerson('operator');
  expect(await choose('set-null', ['t.a', 't.b'])).toBe('typed_id_differs');
  expect(await rules()).toEqual([null, null]);
  expect(await choose('widen-to-text', ['t.a', 't.b'])).toBe('done');
  expect(await choose('set-null', ['t.a'])).toBe('typed_id_differs');
  expect(await choose('set-null', ['t.a'], { typedId: 'assets_2' })).toBe('typed_id_differs');
  expect(await rules()).toEqual(['widen-to-text', 'widen-to-text']);
  expect(await choose('set-null', ['t.a'], { typedId: 'assets_1' })).toBe('done');
  expect(await rules()).toEqual(['set-null', 'widen-to-text']);
  expect(await choose('set-null', ['t.a', 't.b'], { typedId: 'assets_1' })).toBe('done');
  expect(await rules()).toEqual(['set-null', 'set-null']);
});

it('adds a person with several roles, who can sign in', async () => {
  await stage.asPerson('admin');
  expect(
    await press(admin.createPersonAction, {
      key: randomUUID(),
      name: 'Nora',
      email: 'nora@example.org',
      password,
      roles: ['operator', 'reviewer'],
    }),
  ).toBe('done');
  expect(
    await press(admin.createPersonAction, {
      key: randomUUID(),
      name: 'Nora',
      email: 'nora@example.org',
      password,
      roles: ['operator'],
    }),
  ).toBe('email_taken');
  browser.forget();
  await signIn({ email: 'nora@example.org', password });
});
