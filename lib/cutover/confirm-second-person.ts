import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertSecondPerson } from '@/db/queries/approval/insert-second-person';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { auditKey, openLocked, pressOnce, type Opened } from './press';
import { groupDigest, membersGoingBack } from './switch-group';
import type { StepGroup } from './walk-runbook';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  act: z.string().pipe(z.enum(['rollback', 'data-rollback'])),
  planDigest: z.string(),
});

/** Stands behind a losing act and this plan of it; another person presses. @throws CutoverError plan_changed */
export async function confirmSecondPerson({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ by: string }> {
  const role = requireRole(ctx, 'second');
  const { key, cutoverId, act, planDigest } = Input.parse(input);
  return pressOnce(ctx, 'confirm-second-person', key, async (tx) => {
    const opened = await openLocked(tx, cutoverId);
    const { rows } = opened;
    const group = act === 'rollback' ? 'runtime-rollback' : 'data-rollback';
    if ((await digestOf(tx, opened, group)) !== planDigest) {
      throw new CutoverError({
        code: 'plan_changed',
        message: 'The plan is not the one you saw.',
        advice: 'Read the new plan, then confirm that one.',
      });
    }
    await insertSecondPerson(tx, { id: randomUUID(), cutoverId, act, planDigest, by: ctx.actor.id });
    await insertEvent(tx, cutoverId, 'state', null, { secondPerson: act });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'confirm-second-person',
      summary: `Stands behind the ${act.replace('-', ' ')} as second person`,
      what: { act, planDigest },
    });
    return { by: ctx.actor.id };
  });
}

/** Of a rollback of several cutovers: one digest for the plans of all. */
async function digestOf(tx: Tx, opened: Opened, group: StepGroup): Promise<string | null> {
  const members = group === 'runtime-rollback' ? await membersGoingBack(tx, opened) : [opened];
  return groupDigest(
    members.map(({ rows, steps }) => ({
      sourceId: rows.cutover.sourceId,
      digest: steps.find(({ place }) => place.group === group && place.index === 0)?.plan?.digest ?? null,
    })),
  );
}
