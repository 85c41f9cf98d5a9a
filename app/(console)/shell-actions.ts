'use server';

import { redirect } from 'next/navigation';
import { requireDemo } from '@/lib/auth/require-demo';
import { requireSession } from '@/lib/auth/require-session';
import { signOut } from '@/lib/auth/sign-out';
import { switchDemoPerson } from '@/lib/auth/switch-demo-person';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { breakSomething } from '@/lib/cutover';
import { routes } from '@/lib/shared/routes';
import { breakForm, switchPersonForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Ends the session on the server and goes to the sign-in page. A plain form action: `<form action={signOutAction}>`. */
export async function signOutAction(): Promise<void> {
  await signOut();
  redirect(routes.signIn());
}

/** Demo on loopback only: breaks one thing on purpose, or mends it. Fields `what`, `service`, `cutoverId`. */
export async function breakSomethingAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await requireDemo('Breaking something on purpose');
    const { said } = await breakSomething({ ctx, input: readForm(breakForm, form) });
    return { message: `${said.charAt(0).toUpperCase()}${said.slice(1)}.` };
  });
}

/** Demo on loopback only: a real sign-in as another of its people. Field `email`. */
export async function switchPersonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    await requireSession();
    await switchDemoPerson(readForm(switchPersonForm, form).email);
    return { href: routes.fleet() };
  });
}
