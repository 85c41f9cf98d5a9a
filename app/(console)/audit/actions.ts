'use server';

import { requireSession } from '@/lib/auth/require-session';
import { toActionResult } from '@/lib/auth/to-action-result';
import { CutoverError } from '@/lib/errors';
import type { ActionResult, ActionState } from '@/lib/views/action-result';
import { verifyChain } from '@/lib/views/verify-audit';

/** Walks the whole chain again. The answer's message says how many entries hold; a broken chain is the error audit_broken. */
export async function verifyAuditAction(_: ActionState, _form: FormData): Promise<ActionResult> {
  return toActionResult(async () => {
    const { db } = await requireSession();
    const { ok, text } = await verifyChain(db);
    if (!ok)
      throw new CutoverError({
        code: 'audit_broken',
        message: text,
        advice: 'Keep the database as it is and compare it with the last checkpoint kept outside.',
      });
    return { message: text };
  });
}
