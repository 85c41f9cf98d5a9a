'use server';

import { redirect } from 'next/navigation';
import { localPath, signIn } from '@/lib/auth/sign-in';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { signInForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Fields `email`, `password`, `next` (a path of this console). On success goes there; a failure is the form's answer. */
export async function signInAction(_: ActionState, form: FormData): Promise<ActionResult> {
  let next = '/';
  const result = await toActionResult(async () => {
    const input = readForm(signInForm, form);
    await signIn(input);
    next = localPath(input.next);
  });
  if (result.ok) redirect(next);
  return result;
}
