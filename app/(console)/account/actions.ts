'use server';

import { redirect } from 'next/navigation';
import { changePassword } from '@/lib/auth/change-password';
import { requireSession } from '@/lib/auth/require-session';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { routes } from '@/lib/shared/routes';
import { changePasswordForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Fields `current`, `password`. Other sessions of this person end; this one is replaced, so the page is read anew with it. */
export async function changePasswordAction(_: ActionState, form: FormData): Promise<ActionResult> {
  const result = await toActionResult(async () => {
    const ctx = await requireSession();
    await changePassword({ ctx, input: readForm(changePasswordForm, form) });
  });
  if (result.ok) redirect(`${routes.account()}?changed=1`);
  return result;
}
