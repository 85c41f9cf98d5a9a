import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { AuthCard } from '@/components/people/auth-card';
import { SetupForm } from '@/components/people/setup-form';
import { ButtonLink } from '@/components/ui/button';
import { setupOpen } from '@/lib/auth/setup-token';
import { routes } from '@/lib/shared/routes';
import { setupAction } from './actions';

export const metadata: Metadata = { title: 'Set up' };

export default async function SetupPage() {
  if (await setupOpen()) return <SetupForm action={setupAction} firstKey={randomUUID()} />;
  return (
    <AuthCard title="Already set up" sub="This console has an admin. An admin adds further people.">
      <ButtonLink href={routes.signIn()} variant="primary" className="mt-4 w-full">
        Go to sign in
      </ButtonLink>
    </AuthCard>
  );
}
