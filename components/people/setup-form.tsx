'use client';
import type { FormAction } from '@/lib/views/action-result';
import { newPassword, type TextField } from './text-fields';
import { TokenForm } from './token-form';

const person: TextField[] = [
  { name: 'name', label: 'Your name', type: 'text', autoComplete: 'name' },
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username' },
  { ...newPassword, label: 'Password' },
];

export const SetupForm = (props: { action: FormAction; firstKey: string }) => (
  <TokenForm
    {...props}
    title="Set up"
    sub="Makes the first admin, who adds everybody else."
    token={{
      label: 'Set-up token',
      hint: 'The part after # of the link printed at the start. It holds for an hour, once.',
    }}
    fields={person}
    submit={{ label: 'Make the first admin', busy: 'Setting up…' }}
  />
);
