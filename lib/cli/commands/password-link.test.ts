import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { auditEntry } from '@/db/schema';
import { resetPassword } from '@/lib/auth/reset-password';
import { signIn } from '@/lib/auth/sign-in';
import { openControlPlane, type TestControlPlane } from '@/lib/testing/control-plane';
import { passwordLink } from './password-link';

vi.mock('next/headers', () => import('@/lib/testing/browser'));

let plane: TestControlPlane;
beforeAll(async () => {
  plane = await openControlPlane('password-link');
});
afterAll(() => plane.close());

it('lets the only admin in again from the host, and the chain says so', async () => {
  const ada = await plane.addPerson('Ada', 'admin');
  const said: string[] = [];
  const output = { json: false, line: (text: string) => void said.push(text), result: () => undefined };
  await expect(passwordLink.run(['nobody@example.org'], output)).rejects.toMatchObject({ code: 'person_unknown' });
  await expect(passwordLink.run([], output)).rejects.toMatchObject({ code: 'input_invalid' });
  expect(await passwordLink.run([ada.email], output)).toBe(0);
  await resetPassword({ token: said[0]?.split('#')[1] ?? '', password: 'found again at last' });
  await signIn({ email: ada.email, password: 'found again at last' });
  const acts = await plane.db.select({ actor: auditEntry.actor, act: auditEntry.act }).from(auditEntry);
  expect(acts).toContainEqual({ actor: 'system', act: 'password link made' });
});
