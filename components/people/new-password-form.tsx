'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button, ButtonLink } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { routes } from '@/lib/shared/routes';
import type { FormAction } from '@/lib/views/action-result';
import { AuthCard } from './auth-card';
import { useTokenOfLink } from './use-token-of-link';

export function NewPasswordForm({ action, firstKey }: { action: FormAction; firstKey: string }) {
  const [token, setToken] = useTokenOfLink();
  return (
    <AuthCard title="New password" sub="Ends every session of yours. The link is then used up.">
      <ActionForm action={action} firstKey={firstKey} label="New password" className="mt-4 flex flex-col gap-4">
        {({ state, pending, errorOf }) =>
          state.ok === true ? (
            <>
              <FormAnswer state={state} />
              <ButtonLink href={routes.signIn()} variant="primary" className="w-full">
                Go to sign in
              </ButtonLink>
            </>
          ) : (
            <>
              <Field
                label="Token of the link"
                hint="The part after # of the link that an admin gave you."
                error={errorOf('token')}
              >
                {(id, describedBy, invalid) => (
                  <Input
                    id={id}
                    name="token"
                    value={token}
                    onChange={(event) => setToken(event.target.value)}
                    autoComplete="off"
                    spellCheck={false}
                    required
                    invalid={invalid}
                    aria-describedby={describedBy}
                    className="font-mono text-12"
                  />
                )}
              </Field>
              <PasswordField error={errorOf('password')} />
              {state.ok === false && !state.fieldErrors && <FormAnswer state={state} />}
              <Button type="submit" variant="primary" busy={pending ? 'Setting…' : undefined} className="w-full">
                Set the new password
              </Button>
            </>
          )
        }
      </ActionForm>
    </AuthCard>
  );
}

export const PasswordField = ({ error }: { error: string | undefined }) => (
  <Field label="New password" hint="At least 10 characters." error={error}>
    {(id, describedBy, invalid) => (
      <Input
        id={id}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        invalid={invalid}
        aria-describedby={describedBy}
      />
    )}
  </Field>
);
