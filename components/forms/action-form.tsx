'use client';
import { type ReactNode, startTransition } from 'react';
import { useFormAction } from '@/components/checklist/use-form-action';
import type { ActionState, FormAction } from '@/lib/views/action-result';

type Given = { state: ActionState; pending: boolean; errorOf: (field: string) => string | undefined };
type Props = {
  action: FormAction;
  firstKey: string;
  onDone?: (() => void) | undefined;
  label?: string;
  className?: string;
  children: (given: Given) => ReactNode;
};

/**
 * A form around one server action: posts by itself before hydration. After it the form is sent by hand, because React
 * empties the fields of a form it sent, also of a refused one.
 */
export function ActionForm({ action, firstKey, onDone, label, className, children }: Props) {
  const { state, post, pending, key } = useFormAction(action, firstKey, onDone);
  const fields = state.ok === false ? state.fieldErrors : undefined;
  return (
    <form
      action={post}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
        if (!pending) startTransition(() => post(form));
      }}
      noValidate
      aria-label={label}
      className={className}
    >
      <input type="hidden" name="key" value={key} />
      {children({ state, pending, errorOf: (field) => fields?.[field] })}
    </form>
  );
}
