'use server';

import { requireSession } from '@/lib/auth/require-session';
import { toActionResult } from '@/lib/auth/to-action-result';
import { verifyAudit } from '@/lib/views/verify-audit';
import type { ActionResult, ActionState } from '@/lib/views/action-result';

/** Walks the whole chain again; the answer's message says how many entries hold, or which one does not. */
export async function verifyAuditAction(_: ActionState, _form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    await requireSession();
    return { message: await verifyAudit() };
  });
}
