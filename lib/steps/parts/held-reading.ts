import type { ServiceEntry } from '@/lib/fleet/schema';
import { type FreezeState, readFreeze } from '@/lib/services/freeze-http';
import { runningProcess } from '@/lib/services/managed-process';
import type { HeldReading } from '@/lib/shared/held';
import type { StepContext } from '@/lib/steps/step';
import { holdHeaders } from './let-through';

/** Counts per ended process, kept over a crash of this attempt: a fresh process counts from zero. */
type Ended = { attemptId: string; byProcess: { [process: string]: number | null } };

const sum = (counts: (number | null)[]): number | null =>
  counts.reduce<number | null>((total, count) => (total === null || count === null ? null : total + count), 0);

/** Reads how many writes a process has refused, before it is ended and takes its count with it.
 *  @param process names it, so that one read twice counts once; null: none runs */
export async function countBeforeEnd(ctx: StepContext, service: ServiceEntry, process: string | null): Promise<void> {
  if (!service.freeze) return;
  const kept = (await keptEnded(ctx)) ?? {};
  const name = `${service.name} ${process}`;
  // Read twice, a process that has no pid may be another by now: its sum is unknown.
  const isAnother = name in kept && service.restart.kind !== 'managed';
  const counted = process ? { [name]: isAnother ? null : await refusedNow(ctx, service) } : {};
  await ctx.state.set('ended', { attemptId: ctx.attemptId, byProcess: { ...kept, ...counted } } satisfies Ended);
}

/** What tells one process of a service from the next; null: none runs. One that the console does not manage has its start. */
export const processName = (service: ServiceEntry, startedBy = ''): string | null => {
  if (service.restart.kind !== 'managed') return `not managed ${startedBy}`.trim();
  const running = runningProcess(service.name);
  return running && `pid ${running.pid} born ${running.birth}`;
};

/** A process that does not hold has refused nobody. */
async function refusedNow(ctx: StepContext, service: ServiceEntry): Promise<number | null> {
  const states = await readFreeze(service, holdHeaders(ctx, service), ctx.signal);
  return sum(states.map(({ held, refused }) => (held === false ? 0 : refused)));
}

async function keptEnded(ctx: StepContext): Promise<Ended['byProcess'] | null> {
  const kept = await ctx.state.get<Ended>('ended');
  return kept?.attemptId === ctx.attemptId ? kept.byProcess : null;
}

/** Leaves the fact `held`: what the held services answer now. Where none holds any more, the reading before stands.
 *  @param restarts this step ends processes: without their counts the sum is unknown */
export async function noteHeld(ctx: StepContext, restarts = false): Promise<void> {
  const services = ctx.services.filter(({ freeze }) => freeze);
  const states: FreezeState[] = [];
  for (const service of services) states.push(...(await readFreeze(service, holdHeaders(ctx, service), ctx.signal)));
  if (states.every(({ held }) => held === false)) return;
  const kept = restarts ? await keptEnded(ctx) : {};
  const reading: HeldReading = {
    at: new Date().toISOString(),
    waiting: sum(states.map(({ inFlight }) => inFlight)),
    refused: sum(states.map(({ refused }) => refused)),
    ended: kept && sum(Object.values(kept)),
  };
  ctx.setFact('held', reading);
}
