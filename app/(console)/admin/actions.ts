'use server';

import { createPersonAs } from '@/lib/auth/create-person';
import { deactivatePerson, reactivatePerson, removePerson } from '@/lib/auth/deactivate-person';
import { requireSession } from '@/lib/auth/require-session';
import { makeResetLink } from '@/lib/auth/reset-password';
import { setRoles } from '@/lib/auth/set-roles';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import {
  checkAgainForm,
  createPersonForm,
  giveSignRolesForm,
  personForm,
  setRolesForm,
} from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';
import { giveSignRoles } from '@/lib/cutover/give-sign-roles';
import { askMachines } from '@/lib/cutover/ask-machines';

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

/** `signRoles` is given once for each role. */
export async function giveSignRolesAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await giveSignRoles({ ctx, input: readForm(giveSignRolesForm, form) });
    return { message: 'Changed. It holds for the next signature.' };
  });
}

export async function deactivatePersonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await deactivatePerson({ ctx, input: readForm(personForm, form) });
    return { message: 'Deactivated; their sessions have ended.' };
  });
}

export async function reactivatePersonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await reactivatePerson({ ctx, input: readForm(personForm, form) });
    return { message: 'They may sign in again.' };
  });
}

export async function removePersonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await removePerson({ ctx, input: readForm(personForm, form) });
    return { message: 'Removed; history keeps their name.' };
  });
}

export async function makeResetLinkAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    const { link, name } = await makeResetLink({ ctx, input: readForm(personForm, form) });
    return { message: `Hand this to ${name} yourself. It holds for an hour, once.`, copy: link };
  });
}

export async function checkAgainAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    readForm(checkAgainForm, form);
    await askMachines(ctx);
    return { message: 'Asked. The readings get a new time within seconds.' };
  });
}
