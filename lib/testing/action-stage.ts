import { sql } from 'drizzle-orm';
import { signIn } from '@/lib/auth/sign-in';
import type { FormAction } from '@/lib/views/action-result';
import { browser } from './browser';
import { openControlPlane, password, type TestControlPlane, type TestPerson } from './control-plane';
import { seedCutover, type Seeded } from './seed-cutover';

export type Fields = Record<string, string | string[]>;

/** Four people, one cutover, and their browsers: what actions are pressed on. A test file mocks `next/headers` by `browser`. */
export type ActionStage = {
  plane: TestControlPlane;
  people: Record<'operator' | 'reviewer' | 'admin' | 'other', TestPerson>;
  seeded: Seeded;
  asPerson(who: 'operator' | 'reviewer' | 'admin' | 'other'): Promise<void>;
  /** A new browser, and no tries counted. */
  begin(): Promise<void>;
};

export async function openActionStage(name: string): Promise<ActionStage> {
  const plane = await openControlPlane(name);
  const people = {
    operator: await plane.addPerson('Olga', 'operator'),
    reviewer: await plane.addPerson('Rafael', 'reviewer'),
    admin: await plane.addPerson('Ada', 'admin'),
    other: await plane.addPerson('Oskar', 'operator'),
  };
  return {
    plane,
    people,
    seeded: await seedCutover(plane, people.operator),
    asPerson: (who) => signIn({ email: people[who].email, password }),
    async begin() {
      browser.forget();
      await plane.db.execute(sql`delete from rate_limit`);
    },
  };
}

export const formOf = (fields: Fields): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
  return form;
};

/** @returns `done`, or the code of the refusal */
export const press = async (action: FormAction, fields: Fields): Promise<string> => {
  const answer = await action({ ok: null, nextKey: '' }, formOf(fields));
  return answer.ok ? 'done' : answer.error.code;
};
