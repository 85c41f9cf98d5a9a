'use client';
import { ButtonLink } from '@/components/ui/button';
import { routes } from '@/lib/shared/routes';
import type { FormAction } from '@/lib/views/action-result';
import { newPassword } from './text-fields';
import { TokenForm } from './token-form';

export const NewPasswordForm = (props: { action: FormAction; firstKey: string }) => (
  <TokenForm
    {...props}
    title="New password"
    sub="Ends every session of yours. The link is then used up."
    token={{ label: 'Token of the link', hint: 'The part after # of the link that an admin gave you.' }}
    fields={[newPassword]}
    submit={{ label: 'Set the new password', busy: 'Setting…' }}
    done={
      <ButtonLink href={routes.signIn()} variant="primary" className="w-full">
        Go to sign in
      </ButtonLink>
    }
  />
);
