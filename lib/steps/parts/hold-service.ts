import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { CutoverError } from '@/lib/errors';
import { writeEnvFile } from '@/lib/services/env-file';
import { bypassValue, freezeOf, type FreezeState, heldWords, readFreeze, setFreeze } from '@/lib/services/freeze-http';
import { withHostLock } from '@/lib/services/host-lock';
import { readProcessRecord } from '@/lib/services/managed-process';
import { type DownReading, portWords, readDown } from '@/lib/services/read-down';
import type { StepContext } from '@/lib/steps/step';
import { holdHeaders, startsHeld } from './let-through';
import { secretOf } from './places';

/** One instance: it holds, it takes writes, it is proven to be down, or nobody can tell. */
type InstanceHold = FreezeState & { is: 'held' | 'open' | 'down' | 'unknown'; listening: boolean | null };
export type ServiceHold = { instances: InstanceHold[]; running: DownReading['running'] };

/** Nobody can start it into taking writes: the env file has it start held, or supervision leaves it down. */
export const isStartBlocked = (service: ServiceEntry): boolean =>
  startsHeld(service) ||
  (service.restart.kind === 'managed' && readProcessRecord(service.name)?.wanted === false && !service.freeze);

/** What every instance does now. Silence alone is unknown; down is a closed port without a process behind it. */
export async function readHold(ctx: StepContext, service: ServiceEntry): Promise<ServiceHold> {
  const states = service.freeze
    ? await readFreeze(service, holdHeaders(ctx, service), ctx.signal)
    : service.instances.map((url): FreezeState => ({ url, held: null, inFlight: null, refused: null, error: null }));
  if (states.every(({ held }) => held !== null))
    return { running: null, instances: states.map((state) => ({ ...state, is: wordOf(state), listening: true })) };
  const { running, ports } = await readDown(service, ctx.signal);
  const instances = states.map((state, at): InstanceHold => {
    const listening = ports[at]?.listening ?? null;
    const isDown = state.held === null && running === null && listening === false;
    return { ...state, listening, is: isDown ? 'down' : wordOf(state) };
  });
  return { running, instances };
}

const wordOf = ({ held }: FreezeState): InstanceHold['is'] => (held === null ? 'unknown' : held ? 'held' : 'open');

/** The same once no instance is between two states, as one is that supervision has just started. At most ready_seconds. */
export async function readHoldSettled(ctx: StepContext, service: ServiceEntry): Promise<ServiceHold> {
  const until = Date.now() + Math.min(service.ready_seconds, ctx.step.limit_seconds) * 1000;
  for (;;) {
    const hold = await readHold(ctx, service);
    const isSettled = hold.instances.every(({ is }) => is !== 'unknown');
    if (isSettled || Date.now() > until) return hold;
    await sleep(100, undefined, { signal: ctx.signal });
  }
}

/** Holds what answers, and has what is down start held.
 *  @throws CutoverError freeze_failed where an instance neither answers nor is proven to be down */
export async function holdService(ctx: StepContext, service: ServiceEntry, withinSeconds: number): Promise<void> {
  let hold = await readHoldSettled(ctx, service);
  const isAnyDown = ({ instances }: ServiceHold): boolean => instances.some(({ is }) => is === 'down');
  if (isAnyDown(hold)) {
    await startHeldFromNow(ctx, service);
    // Supervision may have started it before the env file said so: what runs by now is held by its call.
    hold = await readHoldSettled(ctx, service);
  }
  const unknown = hold.instances.filter(({ is }) => is === 'unknown');
  if (unknown.length) throw cannotTell(service, hold, unknown);
  const answering = hold.instances.filter(({ is }) => is !== 'down').map(({ url }) => url);
  const states = answering.length
    ? await setFreeze({ ...service, instances: answering }, 'on', {
        headers: holdHeaders(ctx, service),
        bypass: bypassOf(ctx, service),
        withinSeconds,
        signal: ctx.signal,
      })
    : [];
  for (const { url, inFlight } of states)
    ctx.log('info', `${url} holds writes; ${inFlight ?? 'unknown'} requests in flight`);
  for (const { url } of hold.instances.filter(({ is }) => is === 'down'))
    ctx.log('warn', `${url} is down: no process, port closed. Whoever starts ${service.name} starts it held.`);
}

const bypassOf = (ctx: StepContext, service: ServiceEntry): string =>
  bypassValue(service, ctx.holdId ?? ctx.cutoverId, secretOf(ctx));

/** Alone on the host, so that no start is under way that has read the env file before. */
async function startHeldFromNow(ctx: StepContext, service: ServiceEntry): Promise<void> {
  const lockInput = { service: service.name, attemptId: ctx.attemptId, epoch: ctx.epoch, signal: ctx.signal };
  await withHostLock(lockInput, async (lock) => {
    lock.assertHeld();
    await writeEnvFile(service, { [freezeOf(service).start_held_variable]: bypassOf(ctx, service) });
  });
}

function cannotTell(service: ServiceEntry, { running }: ServiceHold, unknown: InstanceHold[]): CutoverError {
  const told = unknown.map(({ url, error, listening }) => `${url}: ${error ?? ''} ${portWords(listening)}`).join('; ');
  return new CutoverError({
    code: 'freeze_failed',
    message: `${service.name} can neither be held nor counts as down: ${running ? `its process, pid ${running.pid}, lives. ` : ''}${told}.`,
    advice: running
      ? `It hangs and may still write. End pid ${running.pid} on its host, or wait until it answers; then press Retry.`
      : 'Something may run there that the console does not see. Start the service so that it answers, or stop what has its port; then press Retry.',
    retry: 'now',
  });
}

/** What was read of one instance, for evidence that a person reads. */
export const holdWords = ({ is, held, inFlight, error, listening }: InstanceHold, isBlocked: boolean): string =>
  is === 'down'
    ? `down: no process, port closed; ${isBlocked ? 'a start from now on starts it held' : 'but a start would take writes'}`
    : is === 'unknown'
      ? [error, portWords(listening)].filter(Boolean).join(' ')
      : `${heldWords(held)}, ${inFlight ?? 0} in flight`;

/** Nobody writes through this instance, and nobody can by starting it. */
export const isStill = ({ is, inFlight }: InstanceHold, isBlocked: boolean): boolean =>
  is === 'down' ? isBlocked : is === 'held' && (inFlight ?? 0) === 0;
