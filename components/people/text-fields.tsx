import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

export type TextField = {
  name: string;
  label: string;
  type: 'text' | 'email' | 'password';
  autoComplete: string;
  hint?: string;
  autoFocus?: boolean;
};

export const newPassword: TextField = {
  name: 'password',
  label: 'New password',
  type: 'password',
  autoComplete: 'new-password',
  hint: 'At least 10 characters.',
};

type Props = { fields: readonly TextField[]; errorOf: (field: string) => string | undefined };

/** Fields of one line each, all of them needed, with the server's answer below the one it is about. */
export const TextFields = ({ fields, errorOf }: Props) =>
  fields.map(({ name, label, hint, ...input }) => (
    <Field key={name} label={label} hint={hint} error={errorOf(name)}>
      {(id, describedBy, invalid) => (
        <Input id={id} name={name} {...input} required invalid={invalid} aria-describedby={describedBy} />
      )}
    </Field>
  ));
