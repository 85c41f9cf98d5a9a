'use client';
import type { ReactNode } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { FormAction } from '@/lib/views/action-result';
import { AuthCard } from './auth-card';
import { type TextField, TextFields } from './text-fields';
import { useTokenOfLink } from './use-token-of-link';

type Props = {
  action: FormAction;
  firstKey: string;
  title: string;
  sub: string;
  token: { label: string; hint: string };
  fields: readonly TextField[];
  submit: { label: string; busy: string };
  /** What stands in place of the form once it was taken; a form that leads elsewhere by itself has none. */
  done?: ReactNode;
};

/** A form that a link with a one-time token opens: set-up, and a new password. */
export function TokenForm({ action, firstKey, title, sub, token, fields, submit, done }: Props) {
  const [value, setValue] = useTokenOfLink();
  return (
    <AuthCard title={title} sub={sub}>
      <ActionForm action={action} firstKey={firstKey} label={title} className="mt-4 flex flex-col gap-4">
        {({ state, pending, errorOf }) =>
          state.ok === true && done ? (
            <>
              <FormAnswer state={state} />
              {done}
            </>
          ) : (
            <>
              <Field label={token.label} hint={token.hint} error={errorOf('token')}>
                {(id, describedBy, invalid) => (
                  <Input
                    id={id}
                    name="token"
                    value={value}
                    onChange={(event) => setValue(event.target.value)}
                    autoComplete="off"
                    spellCheck={false}
                    required
                    invalid={invalid}
                    aria-describedby={describedBy}
                    className="font-mono text-12"
                  />
                )}
              </Field>
              <TextFields fields={fields} errorOf={errorOf} />
              {state.ok === false && !state.fieldErrors && <FormAnswer state={state} />}
              <Button type="submit" variant="primary" busy={pending ? submit.busy : undefined} className="w-full">
                {submit.label}
              </Button>
            </>
          )
        }
      </ActionForm>
    </AuthCard>
  );
}
