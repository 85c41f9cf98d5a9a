'use client';
import { type ReactNode, useId } from 'react';

type Props = {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  children: (id: string, describedBy: string | undefined, invalid: boolean) => ReactNode;
};
/** Label above, sentence below: the error in red, else the hint. */
export function Field({ label, hint, error, children }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-t2">
        {label}
      </label>
      {children(id, note ? `${id}-note` : undefined, Boolean(error))}
      {note && (
        <p
          id={`${id}-note`}
          role={error ? 'alert' : undefined}
          className={error ? 'mt-1 text-12 text-red' : 'mt-1 text-12 text-t3'}
        >
          {note}
        </p>
      )}
    </div>
  );
}
