'use server';

import { requireSession } from '@/lib/auth/require-session';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { recordLook, signOff } from '@/lib/cutover';
import { lookForm, signOffForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** `decision`: signed or rejected; a rejection needs a reason. */
export async function signOffAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await signOff({ ctx, input: readForm(signOffForm, form) });
  });
}

/** Remembers what the reviewer saw: the base of "changed since you last looked". */
export async function lookAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await recordLook({ ctx, input: readForm(lookForm, form) });
  });
}
