'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { FormAction } from '@/lib/views/action-result';
import { AuthCard } from './auth-card';

type Props = { action: FormAction; firstKey: string; next: string };

export const SignInForm = ({ action, firstKey, next }: Props) => (
  <AuthCard title="Sign in">
    <ActionForm action={action} firstKey={firstKey} label="Sign in" className="mt-4 flex flex-col gap-4">
      {({ state, pending, errorOf }) => (
        <>
          <input type="hidden" name="next" value={next} />
          <Field label="E-mail" error={errorOf('email')}>
            {(id, describedBy, invalid) => (
              <Input
                id={id}
                name="email"
                type="email"
                autoComplete="username"
                autoFocus
                required
                invalid={invalid}
                aria-describedby={describedBy}
              />
            )}
          </Field>
          <Field label="Password" error={errorOf('password')}>
            {(id, describedBy, invalid) => (
              <Input
                id={id}
                name="password"
                type="password"
                autoComplete="current-password"
                required
                invalid={invalid}
                aria-describedby={describedBy}
              />
            )}
          </Field>
          {state.ok === false && !state.fieldErrors && <FormAnswer state={state} />}
          <Button type="submit" variant="primary" busy={pending ? 'Signing in…' : undefined} className="w-full">
            Sign in
          </Button>
        </>
      )}
    </ActionForm>
  </AuthCard>
);
