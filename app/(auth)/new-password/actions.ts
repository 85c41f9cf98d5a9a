'use server';

import { resetPassword } from '@/lib/auth/reset-password';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { newPasswordForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Fields `token` (of the link's fragment) and `password`. */
export async function newPasswordAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    await resetPassword(readForm(newPasswordForm, form));
    return { message: 'Your new password is set. Sign in with it.' };
  });
}
