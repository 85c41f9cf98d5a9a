'use server';

import { requireSession } from '@/lib/auth/require-session';
import { readForm, toActionResult } from '@/lib/auth/to-action-result';
import { moveFile } from '@/lib/cutover';
import { routes } from '@/lib/shared/routes';
import { moveFileForm } from '@/lib/views/action-inputs';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Answers with `href`: the new cutover's page. */
export async function moveFileAction(_: ActionState, form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const ctx = await requireSession();
    const { cutoverId } = await moveFile({ ctx, input: readForm(moveFileForm, form) });
    return { href: routes.cutover(cutoverId) };
  });
}
