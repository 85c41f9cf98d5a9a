import type { ServiceEntry } from '@/lib/fleet/schema';
import type { Surface } from '@/lib/fleet/surfaces';
import { readEnvFile, writeEnvFile } from '@/lib/services/env-file';
import { bypassValue } from '@/lib/services/freeze-http';
import { type HostLock, withHostLock } from '@/lib/services/host-lock';
import { readProcessRecord } from '@/lib/services/managed-process';
import { restartService, waitReady } from '@/lib/services/restart';
import { withheld } from '@/lib/services/unset-names';
import type { StepContext } from '@/lib/steps/step';
import { countBeforeEnd, processName } from './held-reading';
import { headersOf, secretOf } from './places';

export type BackendChange = {
  mode: string;
  surfaces: Surface[];
  /** One restart for all of them, or one each. */
  together: boolean;
  /** Variables taken out of the env file, or out of the environment that the console gives a managed process. */
  unset: string[];
  /** Changes no variable; the service reads what it needs at its start. */
  restartOnly: boolean;
};

/** What the env file must say: the mode, what is unset, and that a fresh process starts held. */
export function heldChanges(
  ctx: StepContext,
  service: ServiceEntry,
  { mode, surfaces, unset, restartOnly }: BackendChange,
): Record<string, string | null> {
  const inFile = unset.filter((name) => service.env_allow.includes(name));
  return {
    ...(restartOnly ? {} : Object.fromEntries(surfaces.map(({ variable }) => [variable, mode]))),
    ...Object.fromEntries(inFile.map((name) => [name, null])),
    ...(service.freeze
      ? { [service.freeze.start_held_variable]: bypassValue(service, ctx.holdId ?? ctx.cutoverId, secretOf(ctx)) }
      : {}),
  };
}

/** Writes the env file and restarts, alone on this host. Repeating it after a crash goes on where it stopped. */
export async function changeBackend(ctx: StepContext, service: ServiceEntry, change: BackendChange): Promise<void> {
  const { surfaces, unset } = change;
  // One by one: what the last of them needs is taken away with the last of them.
  const rounds = change.together
    ? [change]
    : surfaces.map((surface, at) => ({ ...change, surfaces: [surface], unset: at < surfaces.length - 1 ? [] : unset }));
  await withHostLock(
    { service: service.name, attemptId: ctx.attemptId, epoch: ctx.epoch, signal: ctx.signal },
    async (lock) => {
      for (const round of rounds) await changeOnce(ctx, service, round, lock);
    },
  );
}

async function changeOnce(ctx: StepContext, service: ServiceEntry, change: BackendChange, lock: HostLock) {
  const { mode, surfaces, unset, restartOnly } = change;
  const changes = heldChanges(ctx, service, change);
  if (await isDone(ctx, service, change, changes))
    ctx.log('info', `${service.name} was restarted with this env file already.`);
  else {
    await ctx.failpoint('switch:before-env');
    lock.assertHeld();
    await countBeforeEnd(ctx, service, processName(service, surfaces.map(({ variable }) => variable).join(' ')));
    const { before, after } = await writeEnvFile(service, changes);
    for (const { variable } of restartOnly ? [] : surfaces)
      ctx.log('info', `${after.path}: ${variable} ${before.values[variable] ?? 'not set'} → ${mode}`);
    for (const name of unset) ctx.log('info', `${name} is unset`);
    await ctx.failpoint('switch:after-env');
    const result = await restartService(service, secretOf(ctx), lock, ctx.signal, withheld(service, unset));
    ctx.log(
      'info',
      `${service.name} restarted: ${result.before ?? 'was not running'} → ${result.after ?? 'by its command'}`,
    );
    if (result.output) ctx.log('debug', result.output.slice(0, 4000));
    await ctx.failpoint('switch:after-restart');
    if (restartOnly) await ctx.state.set('restarted', { by: ctx.attemptId });
  }
  await waitReady(service, { headers: headersOf(ctx), mode, surfaces, whileRunning: true, signal: ctx.signal });
}

/** Needs no restart: the file says so already, and the process was started with this very file. */
async function isDone(
  ctx: StepContext,
  service: ServiceEntry,
  { unset, restartOnly }: BackendChange,
  changes: Record<string, string | null>,
): Promise<boolean> {
  const env = readEnvFile(service.env_file);
  const said = Object.entries(changes).every(([name, value]) => (env.values[name] ?? null) === value);
  const record = readProcessRecord(service.name);
  if (!said || service.restart.kind !== 'managed' || record?.envDigest !== env.digest) return false;
  if (withheld(service, unset).some((name) => !record.without?.includes(name))) return false;
  if (!restartOnly) return true;
  // Nothing in the file tells a restart from none; a second one after a crash does no harm.
  return (await ctx.state.get<{ by: string }>('restarted'))?.by === ctx.attemptId;
}
