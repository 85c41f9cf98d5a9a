'use client';
import { useActionState, useEffect, useId, useState } from 'react';
import type { ActionState, FormAction } from '@/lib/views/action-result';
import { formKey, newKey } from './form-key';

/**
 * State of one form. An unchanged hidden `key` is the same press, so a double click or a reload acts once. Before
 * hydration the key comes from the page; then each mounted form has its own, and each answer brings the next.
 */
export function useFormAction(action: FormAction, firstKey: string, onDone?: () => void) {
  const id = useId();
  const [state, post, pending] = useActionState(action, { ok: null, nextKey: formKey(firstKey, id) } as ActionState);
  const [own, setOwn] = useState<string | null>(null);
  useEffect(() => setOwn(newKey()), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once an answer, not once a rendering
  useEffect(() => {
    if (state.ok === true) onDone?.();
  }, [state]);
  return { state, post, pending, key: state.ok === null ? (own ?? state.nextKey) : state.nextKey };
}
