import { z } from 'zod';
import { CutoverError } from '@/lib/errors';
import { waveTimes } from '@/lib/shared/wave';
import type { VerbContext } from './context';
import { fleetNow } from './fleet-now';
import { insertPlanned } from './plan-cutover';
import { pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  profiles: z
    .array(z.object({ system: z.string(), sourceId: z.string() }))
    .min(1)
    .max(100),
  /** T-0 of the first. */
  t0: z.coerce.date(),
  /** Minutes between two processes, 0 to a day. */
  gapMinutes: z.number().int().min(0).max(1_440),
});

/** Plans a cutover for each profile with the runbook that the fleet file names for it: all of them, or none.
 *  @throws CutoverError cutover_open_already naming the profile; profile_unknown; runbook_invalid; input_invalid when one is named twice */
export async function planWave({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ cutoverIds: string[] }> {
  const role = requireRole(ctx, 'plan-wave');
  const { key, profiles, t0, gapMinutes } = Input.parse(input);
  refuseTwice(profiles);
  const fleet = await fleetNow(ctx.db);
  const found = profiles.map(({ system, sourceId }) => fleet.find(system, sourceId));
  const times = waveTimes(
    found.map((one) => ({
      system: one.system.name,
      sourceId: one.profile.source_id,
      service: one.service?.name ?? null,
    })),
    t0.getTime(),
    gapMinutes,
  );
  return pressOnce(ctx, 'plan-wave', key, async (tx) => {
    const cutoverIds: string[] = [];
    for (const [at, one] of found.entries()) {
      const loaded = fleet.runbook(one.profile.runbook);
      const own = new Date(times[at] ?? t0.getTime());
      cutoverIds.push((await insertPlanned(tx, { ctx, role, found: one, loaded, kind: 'live', t0: own })).cutoverId);
    }
    return { cutoverIds };
  });
}

function refuseTwice(profiles: { system: string; sourceId: string }[]): void {
  const keys = profiles.map(({ system, sourceId }) => JSON.stringify([system, sourceId]));
  const twice = profiles.find((_, at) => keys.indexOf(keys[at] ?? '') !== at);
  if (!twice) return;
  throw new CutoverError({
    code: 'input_invalid',
    message: `${twice.system}/${twice.sourceId} is named twice in this wave.`,
    advice: 'Name each profile once.',
  });
}
