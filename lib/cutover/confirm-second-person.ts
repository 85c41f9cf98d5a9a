import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertSecondPerson } from '@/db/queries/approval/insert-second-person';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { lossSeen } from './loss';
import { auditKey, openLocked, pressOnce, type Opened } from './press';
import { refuseOldLoss, refuseUnseenLoss } from './refuse-loss';
import { groupDigest, membersGoingBack } from './switch-group';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  act: z.string().pipe(z.enum(['rollback', 'data-rollback'])),
  planDigest: z.string(),
  /** Rows that would be lost as the card said, in decimal, or `unknown`. (Default: as they were last read) */
  seenLoss: z
    .string()
    .regex(/^(\d+|unknown)$/)
    .optional(),
});

/** Stands behind a losing act and this plan of it; another person presses. It is bound to the loss that was read:
 *  an old reading is refused, as at the press. @throws CutoverError plan_changed */
export async function confirmSecondPerson({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ by: string }> {
  const role = requireRole(ctx, 'second');
  const { key, cutoverId, act, planDigest, seenLoss } = Input.parse(input);
  return pressOnce(ctx, 'confirm-second-person', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const turns = await turnsOf(tx, opened, act);
    if (groupDigest(turns.map(({ sourceId, plan }) => ({ sourceId, digest: plan?.digest ?? null }))) !== planDigest) {
      throw new CutoverError({
        code: 'plan_changed',
        message: 'The plan is not the one you saw.',
        advice: 'Read the new plan, then confirm that one.',
      });
    }
    const loss = lossSeen(turns.map(({ plan }) => plan));
    if (act === 'rollback') {
      for (const { rows: each, plan } of turns) refuseOldLoss(each, plan?.madeAt);
      refuseUnseenLoss(seenLoss, loss);
    }
    const seen = { loss: loss.count?.toString() ?? null, lossReadAt: act === 'rollback' ? loss.readAt : null };
    await insertSecondPerson(tx, { id: randomUUID(), cutoverId, act, planDigest, by: ctx.actor.id, ...seen });
    await insertEvent(tx, cutoverId, 'state', null, { secondPerson: act });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'confirm-second-person',
      summary: `Stands behind the ${act.replace('-', ' ')} as second person`,
      what: { act, planDigest, loss: seen.loss, lossReadAt: seen.lossReadAt?.toISOString() ?? null },
    });
    return { by: ctx.actor.id };
  });
}

/** The first step of each cutover that the press would take along. */
async function turnsOf(tx: Tx, opened: Opened, act: 'rollback' | 'data-rollback') {
  const group = act === 'rollback' ? 'runtime-rollback' : 'data-rollback';
  const members = act === 'rollback' ? await membersGoingBack(tx, opened) : [opened];
  return members.map(({ rows, steps }) => ({
    rows,
    sourceId: rows.cutover.sourceId,
    plan: steps.find(({ place }) => place.group === group && place.index === 0)?.plan ?? null,
  }));
}
