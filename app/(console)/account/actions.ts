'use server';

import { changePassword } from '@/lib/auth/change-password';
import { requireSession } from '@/lib/auth/require-session';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { changePasswordForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Fields `current`, `password`. Other sessions of this person end. */
export async function changePasswordAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await changePassword({ ctx, input: readForm(changePasswordForm, form) });
    return { message: 'Password changed. Your other sessions have ended.' };
  });
}
