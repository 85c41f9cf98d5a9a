'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button } from '@/components/ui/button';
import type { FormAction } from '@/lib/views/action-result';
import { AuthCard } from './auth-card';
import { type TextField, TextFields } from './text-fields';

const fields: TextField[] = [
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username', autoFocus: true },
  { name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password' },
];

type Props = { action: FormAction; firstKey: string; next: string };

export const SignInForm = ({ action, firstKey, next }: Props) => (
  <AuthCard title="Sign in">
    <ActionForm action={action} firstKey={firstKey} label="Sign in" className="mt-4 flex flex-col gap-4">
      {({ state, pending, errorOf }) => (
        <>
          <input type="hidden" name="next" value={next} />
          <TextFields fields={fields} errorOf={errorOf} />
          {state.ok === false && !state.fieldErrors && <FormAnswer state={state} />}
          <Button type="submit" variant="primary" busy={pending ? 'Signing in…' : undefined} className="w-full">
            Sign in
          </Button>
        </>
      )}
    </ActionForm>
  </AuthCard>
);
