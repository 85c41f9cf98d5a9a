import type { ServiceEntry } from '@/lib/fleet/schema';
import { readEnvFile, writeEnvFile } from '@/lib/services/env-file';
import { bypassValue } from '@/lib/services/freeze-http';
import { withHostLock } from '@/lib/services/host-lock';
import { readProcessRecord } from '@/lib/services/managed-process';
import { restartService, waitReady } from '@/lib/services/restart';
import type { StepContext } from '@/lib/steps/step';
import { secretOf } from './places';

/** What the env file must say: the mode, and that a fresh process starts held. */
export function heldChanges(ctx: StepContext, service: ServiceEntry, mode: string): Record<string, string> {
  return {
    [service.mode_variable]: mode,
    ...(service.freeze
      ? { [service.freeze.start_held_variable]: bypassValue(service, ctx.holdId ?? ctx.cutoverId, secretOf(ctx)) }
      : {}),
  };
}

/** Needs no restart: the file says so already, and the process was started with this very file. */
function isDone(service: ServiceEntry, changes: Record<string, string>): boolean {
  const env = readEnvFile(service.env_file);
  const said = Object.entries(changes).every(([name, value]) => env.values[name] === value);
  return said && service.restart.kind === 'managed' && readProcessRecord(service.name)?.envDigest === env.digest;
}

/** Writes the env file and restarts, alone on this host. Repeating it after a crash goes on where it stopped. */
export async function changeBackend(ctx: StepContext, service: ServiceEntry, mode: string): Promise<void> {
  const changes = heldChanges(ctx, service, mode);
  await withHostLock(
    { service: service.name, attemptId: ctx.attemptId, epoch: ctx.epoch, signal: ctx.signal },
    async (lock) => {
      if (isDone(service, changes)) ctx.log('info', `${service.name} was restarted with this env file already.`);
      else {
        await ctx.failpoint('switch:before-env');
        lock.assertHeld();
        const { before, after } = await writeEnvFile(service, changes);
        ctx.log(
          'info',
          `${after.path}: ${service.mode_variable} ${before.values[service.mode_variable] ?? 'not set'} → ${mode}`,
        );
        await ctx.failpoint('switch:after-env');
        const result = await restartService(service, secretOf(ctx), lock, ctx.signal);
        ctx.log(
          'info',
          `${service.name} restarted: ${result.before ?? 'was not running'} → ${result.after ?? 'by its command'}`,
        );
        if (result.output) ctx.log('debug', result.output.slice(0, 4000));
        await ctx.failpoint('switch:after-restart');
      }
      await waitReady(service, { headers: ctx.profile.headers, mode, signal: ctx.signal });
    },
  );
}
