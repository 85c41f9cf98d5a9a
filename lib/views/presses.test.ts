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
