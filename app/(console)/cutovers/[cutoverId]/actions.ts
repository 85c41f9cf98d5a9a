'use server';

import { requireFreshSignIn } from '@/lib/auth/fresh-sign-in';
import { requireSession } from '@/lib/auth/require-session';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import * as verbs from '@/lib/cutover';
import * as forms from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Starts a step or, for the switch, its sequence. */
export async function runStepAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    const input = readForm(forms.runStepForm, form);
    // What needs the password also needs the typed id, and the verb refuses it without one.
    if (input.typedId) await requireFreshSignIn(ctx, input.password);
    await verbs.runStep({ ctx, input });
  });
}

/** Asks the worker for a new plan; it writes nothing outside. */
export async function makePlanAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.makePlan({ ctx, input: readForm(forms.makePlanForm, form) });
  });
}

/** A plain form: works before hydration and waits behind nothing. */
export async function cancelAttemptAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.cancelAttempt({ ctx, input: readForm(forms.cancelAttemptForm, form) });
  });
}

export async function chooseRuleAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.chooseRule({ ctx, input: readForm(forms.chooseRuleForm, form) });
  });
}

export async function tickItemAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.tickItem({ ctx, input: readForm(forms.tickItemForm, form) });
  });
}

export async function addNoteAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.addNote({ ctx, input: readForm(forms.addNoteForm, form) });
  });
}

export async function remindReviewersAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.remindReviewers({ ctx, input: readForm(forms.remindReviewersForm, form) });
  });
}

/** Field `kind`: runtime or data. A plain form, as above. */
export async function rollBackAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    const input = readForm(forms.rollBackForm, form);
    await requireFreshSignIn(ctx, input.password);
    await verbs.rollBack({ ctx, input });
  });
}

export async function askSecondPersonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.askSecondPerson({ ctx, input: readForm(forms.askSecondPersonForm, form) });
  });
}

export async function confirmSecondPersonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.confirmSecondPerson({ ctx, input: readForm(forms.confirmSecondPersonForm, form) });
  });
}

export async function overrideStepAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    const input = readForm(forms.overrideStepForm, form);
    await requireFreshSignIn(ctx, input.password);
    await verbs.overrideStep({ ctx, input });
  });
}

export async function confirmOverrideAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.confirmOverride({ ctx, input: readForm(forms.confirmOverrideForm, form) });
  });
}

export async function abandonAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    const input = readForm(forms.abandonForm, form);
    await requireFreshSignIn(ctx, input.password);
    await verbs.abandonCutover({ ctx, input });
  });
}

export async function adoptFilesAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.adoptFiles({ ctx, input: readForm(forms.adoptFilesForm, form) });
  });
}

export async function confirmOutsideActAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await verbs.confirmOutsideAct({ ctx, input: readForm(forms.confirmOutsideActForm, form) });
  });
}
