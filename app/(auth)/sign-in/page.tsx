import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { DemoAccounts } from '@/components/people/demo-accounts';
import { SignInForm } from '@/components/people/sign-in-form';
import { demoOn, demoPeople, fromLoopback } from '@/lib/auth/demo-people';
import { sessionOf } from '@/lib/auth/require-session';
import { setupOpen } from '@/lib/auth/setup-token';
import { localPath } from '@/lib/auth/sign-in';
import { initialsAmong } from '@/lib/shared/initials';
import { routes } from '@/lib/shared/routes';
import { signInAction } from './actions';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const next = localPath([(await props.searchParams).next].flat()[0]);
  const from = await headers();
  if (await sessionOf(from)) redirect(next);
  if (await setupOpen()) redirect(routes.setup());
  const demo = demoOn() && fromLoopback(from.get('x-forwarded-for'));
  const initials = initialsAmong(demoPeople.map(({ name }) => name));
  const accounts = demoPeople.map(({ email, name, does, password }) => ({
    email,
    name,
    does,
    password,
    initials: initials(name),
  }));
  return (
    <>
      <SignInForm action={signInAction} firstKey={randomUUID()} next={next} />
      {demo && <DemoAccounts accounts={accounts} action={signInAction} firstKey={randomUUID()} next={next} />}
    </>
  );
}
