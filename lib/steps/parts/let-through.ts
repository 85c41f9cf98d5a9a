import { adoptEnvDigest } from '@/lib/services/managed-process';
import { readEnvFile, writeEnvFile } from '@/lib/services/env-file';
import { bypassValue, freezeHeaders, freezeOf, setFreeze } from '@/lib/services/freeze-http';
import { withHostLock } from '@/lib/services/host-lock';
import type { ServiceEntry } from '@/lib/fleet/schema';
import type { StepContext } from '@/lib/steps/step';
import { headersOf, secretOf } from './places';

export const holdHeaders = (ctx: StepContext, service: ServiceEntry): Record<string, string> =>
  freezeHeaders(service, headersOf(ctx), secretOf(ctx));

export const startsHeld = (service: ServiceEntry): boolean =>
  service.freeze !== undefined && service.freeze.start_held_variable in readEnvFile(service.env_file).values;

/** A later restart does not start held. The running process differs from the file only by how it started: no drift. */
export async function clearStartHeld(ctx: StepContext, service: ServiceEntry): Promise<void> {
  if (!startsHeld(service)) return;
  const lockInput = { service: service.name, attemptId: ctx.attemptId, epoch: ctx.epoch, signal: ctx.signal };
  await withHostLock(lockInput, async (lock) => {
    lock.assertHeld();
    const { after } = await writeEnvFile(service, { [freezeOf(service).start_held_variable]: null });
    await adoptEnvDigest(service.name, after.digest);
  });
}

/** Sets the service's hold to off; a state, so it may be repeated. */
export const openToUsers = (ctx: StepContext, service: ServiceEntry) =>
  setFreeze(service, 'off', {
    headers: holdHeaders(ctx, service),
    bypass: bypassValue(service, ctx.holdId ?? ctx.cutoverId, secretOf(ctx)),
    withinSeconds: ctx.step.limit_seconds,
    signal: ctx.signal,
  });
