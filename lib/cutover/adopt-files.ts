import { z } from 'zod';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { Json } from '@/lib/shared/json';
import { isLive } from '@/lib/shared/statuses';
import type { VerbContext } from './context';
import { fleetNow } from './fleet-now';
import { loadCutover } from './load-cutover';
import { chooseSurfaces } from './choose-surfaces';
import { pinEntry, serviceKeyOf } from './pin-entry';
import { planReadySteps } from './plan-ready-steps';
import { auditKey, openLocked, pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string() });

/** Pins the edited runbook and fleet entry. Sign-offs on the old ones become stale by their fingerprint.
 *  @throws CutoverError step_running | state_forbids after T-0 */
export async function adoptFiles({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ runbookDigest: string; fleetDigest: string }> {
  const role = requireRole(ctx, 'adopt');
  const { key, cutoverId } = Input.parse(input);
  const fleet = await fleetNow(ctx.db);
  return pressOnce(ctx, 'adopt-files', key, async (tx) => {
    const { rows } = await openLocked(tx, cutoverId);
    const { cutover } = rows;
    const running = rows.attempts.some(({ state }) => isLive(state));
    if (running)
      throw new CutoverError({
        code: 'step_running',
        message: 'A step is under way.',
        advice: 'Adopt the files when it has ended.',
        retry: 'later',
      });
    const found = fleet.find(cutover.system, cutover.sourceId);
    const loaded = chooseSurfaces(fleet.runbook(cutover.runbookName), found, rows.runbook.surfaces);
    const changed = await updateCutover(tx, cutoverId, ['planned', 'open'], {
      runbook: JSON.parse(JSON.stringify(loaded.runbook)) as Json,
      runbookDigest: loaded.digest,
      fleetEntry: pinEntry(found).json,
      fleetDigest: found.digest,
      serviceKey: serviceKeyOf(found),
    });
    if (!changed)
      throw new CutoverError({
        code: 'state_forbids',
        message: 'After T-0 a cutover keeps the files it was switched with.',
        advice: 'Close it or roll it back first.',
      });
    await insertEvent(tx, cutoverId, 'state', null, { adopted: true });
    await planReadySteps(tx, await loadCutover(tx, cutoverId));
    const digests = { runbookDigest: loaded.digest, fleetDigest: found.digest };
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'adopt-files',
      summary: 'Adopted the edited runbook and fleet entry',
      what: { before: { runbookDigest: cutover.runbookDigest, fleetDigest: cutover.fleetDigest }, after: digests },
    });
    return digests;
  });
}
