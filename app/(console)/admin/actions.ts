'use server';

import { createPersonAs } from '@/lib/auth/create-person';
import { requireSession } from '@/lib/auth/require-session';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { setRoles } from '@/lib/auth/set-roles';
import { createPersonForm, setRolesForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

export async function createPersonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await createPersonAs({ ctx, input: readForm(createPersonForm, form) });
    return { message: 'Added. They can sign in now.' };
  });
}

/** `roles` is given once for each role; their sessions end, so the new roles hold at once. */
export async function setRolesAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await setRoles({ ctx, input: readForm(setRolesForm, form) });
    return { message: 'Roles changed.' };
  });
}
