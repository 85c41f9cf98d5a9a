'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { FormAction } from '@/lib/views/action-result';
import { AuthCard } from './auth-card';
import { useTokenOfLink } from './use-token-of-link';

type Props = { action: FormAction; firstKey: string };

const person = [
  { name: 'name', label: 'Your name', type: 'text', autoComplete: 'name', hint: undefined },
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username', hint: undefined },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autoComplete: 'new-password',
    hint: 'At least 10 characters.',
  },
] as const;

export function SetupForm({ action, firstKey }: Props) {
  const [token, setToken] = useTokenOfLink();
  return (
    <AuthCard title="Set up" sub="Makes the first admin, who adds everybody else.">
      <ActionForm action={action} firstKey={firstKey} label="Set up" className="mt-4 flex flex-col gap-4">
        {({ state, pending, errorOf }) => (
          <>
            <Field
              label="Set-up token"
              hint="The part after # of the link printed at the start. It holds for an hour, once."
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
            {person.map(({ name, label, hint, ...input }) => (
              <Field key={name} label={label} hint={hint} error={errorOf(name)}>
                {(id, describedBy, invalid) => (
                  <Input id={id} name={name} {...input} required invalid={invalid} aria-describedby={describedBy} />
                )}
              </Field>
            ))}
            {state.ok === false && !state.fieldErrors && <FormAnswer state={state} />}
            <Button type="submit" variant="primary" busy={pending ? 'Setting up…' : undefined} className="w-full">
              Make the first admin
            </Button>
          </>
        )}
      </ActionForm>
    </AuthCard>
  );
}
