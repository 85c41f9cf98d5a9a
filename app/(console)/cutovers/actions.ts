'use server';

import { requireSession } from '@/lib/auth/require-session';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { planCutover, planWave } from '@/lib/cutover';
import { routes } from '@/lib/shared/routes';
import { planCutoverForm, planWaveForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';
import { withZone } from '@/lib/views/zoned-form';

/** Answers with `href`: the new cutover's page. `t0` is a moment, or a clock's reading with the field `zone`. */
export async function planCutoverAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    const { cutoverId } = await planCutover({ ctx, input: readForm(planCutoverForm, withZone(form)) });
    return { href: routes.cutover(cutoverId) };
  });
}

/** Answers with `href`: the list of cutovers, where all of them stand now. */
export async function planWaveAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    await planWave({ ctx, input: readForm(planWaveForm, withZone(form)) });
    return { href: routes.cutovers() };
  });
}
