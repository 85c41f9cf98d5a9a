'use server';

import { redirect } from 'next/navigation';
import { setUpFirstAdmin } from '@/lib/auth/setup-token';
import { signIn } from '@/lib/auth/sign-in';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { routes } from '@/lib/shared/routes';
import { setupForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Fields `token` (from the printed link's fragment), `name`, `email`, `password`. Makes the first admin once and signs in. */
export async function setupAction(_: ActionState, form: FormData): Promise<ActionResult> {
  const result = await toActionResult(async () => {
    const input = readForm(setupForm, form);
    await setUpFirstAdmin(input);
    await signIn(input);
  });
  if (result.ok) redirect(routes.fleet());
  return result;
}
