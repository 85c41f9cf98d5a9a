import { z } from 'zod';
import { saveLook } from '@/db/queries/approval/save-look';
import { inTx } from '@/db/tx';
import type { VerbContext } from './context';
import { deriveSteps } from './derive-steps';
import { loadCutover } from './load-cutover';
import { findStep } from './press';
import { requireRole } from './who-may';

const Input = z.object({ cutoverId: z.string(), stepId: z.string() });

/** Remembers what a reviewer has seen: the base of "changed since you last looked". No decision, so no audit entry. */
export async function recordLook({ ctx, input }: { ctx: VerbContext; input: z.input<typeof Input> }): Promise<void> {
  requireRole(ctx, 'look');
  const { cutoverId, stepId } = Input.parse(input);
  await inTx(ctx.db, async (tx) => {
    const rows = await loadCutover(tx, cutoverId);
    const { fingerprint } = findStep({ rows, steps: deriveSteps(rows) }, stepId);
    if (fingerprint) await saveLook(tx, { cutoverId, stepId, by: ctx.actor.id, parts: fingerprint.parts });
  });
}
