import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { Account } from '@/components/people/account';
import { requirePageSession } from '@/lib/auth/require-session';
import { changePasswordAction } from './actions';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage(props: { searchParams: Promise<{ changed?: string }> }) {
  const { actor, session } = await requirePageSession();
  return (
    <Account
      person={{ name: actor.name, email: actor.email, roles: actor.roles, signedInAt: session.createdAt.toISOString() }}
      changed={(await props.searchParams).changed === '1'}
      changePassword={changePasswordAction}
      firstKey={randomUUID()}
    />
  );
}
