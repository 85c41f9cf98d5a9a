'use client';
import { Field } from '@/components/ui/field';
import { DraftText } from './draft-text';

type Props = { hint: string; error: string | undefined; text: string; onText: (text: string) => void; rows?: number };

/** Why a person decides against what the console would do by itself. */
export const ReasonField = ({ hint, error, text, onText, rows = 3 }: Props) => (
  <Field label="Reason" hint={hint} error={error}>
    {(id, describedBy, invalid) => (
      <DraftText
        id={id}
        aria-describedby={describedBy}
        invalid={invalid}
        name="reason"
        rows={rows}
        required
        text={text}
        onText={onText}
      />
    )}
  </Field>
);
