import { z } from 'zod';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { VerbContext } from './context';
import { auditKey, openLocked, pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string(), t0: z.coerce.date() });

/** Moves the planned T-0. @throws CutoverError state_forbids after the switch */
export async function setT0({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ t0: string }> {
  const role = requireRole(ctx, 'set-t0');
  const { key, cutoverId, t0 } = Input.parse(input);
  return pressOnce(ctx, 'set-t0', key, async (tx) => {
    const { rows } = await openLocked(tx, cutoverId);
    if (!(await updateCutover(tx, cutoverId, ['planned', 'open'], { t0 }))) {
      throw new CutoverError({ code: 'state_forbids', message: 'T-0 has passed.', advice: 'It stays as it was.' });
    }
    await insertEvent(tx, cutoverId, 'state', null, { t0: t0.toISOString() });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'set-t0',
      summary: `Moved T-0 to ${t0.toISOString()}`,
      what: { before: rows.cutover.t0.toISOString(), after: t0.toISOString() },
    });
    return { t0: t0.toISOString() };
  });
}
