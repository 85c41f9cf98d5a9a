import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { CutoverError } from '@/lib/errors';
import { callService, type HttpCall } from './http';
import { readPath } from './json-path';
import type { SecretOf } from './managed-process';

export type FreezeEntry = NonNullable<ServiceEntry['freeze']>;
export type FreezeState = {
  url: string;
  held: boolean | null;
  /** null: the service does not say. */
  inFlight: number | null;
  /** Since this process holds; null: the service does not say. */
  refused: number | null;
  error: string | null;
};

export function freezeOf(service: ServiceEntry): FreezeEntry {
  if (service.freeze) return service.freeze;
  throw new CutoverError({
    code: 'freeze_failed',
    message: `Service ${service.name} has no freeze call in the fleet file.`,
    advice: 'Add freeze (on, off, state) to the service, or stop its writers by hand and use the fence alone.',
  });
}

/** The value that lets our own canary through while users are held: made from the cutover, so that every worker finds the same. */
export function bypassValue(service: ServiceEntry, cutoverId: string, secret: SecretOf): string {
  const key = service.freeze?.token_secret ? secret(service.freeze.token_secret) : 'cutover-console';
  return createHmac('sha256', key).update(`bypass:${service.name}:${cutoverId}`).digest('hex').slice(0, 32);
}

/** Headers that prove the console to the freeze endpoint. */
export function freezeHeaders(
  service: ServiceEntry,
  headers: Record<string, string>,
  secret: SecretOf,
): Record<string, string> {
  const freeze = freezeOf(service);
  return freeze.token_secret && freeze.token_header
    ? { ...headers, [freeze.token_header]: secret(freeze.token_secret) }
    : headers;
}

/** What `${bypass}` and the like in the fleet file's call become; the plan shows it with the value cut. */
export function freezeCall(call: FreezeEntry['on'], bypass: string): HttpCall {
  return { method: call.method, path: call.path, json: call.json === undefined ? undefined : fill(call.json, bypass) };
}

function fill(value: unknown, bypass: string): unknown {
  if (typeof value === 'string') return value.replaceAll('${bypass}', bypass);
  if (Array.isArray(value)) return value.map((item) => fill(item, bypass));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member, bypass)]));
  return value;
}

/** What a reading of the hold comes to, for evidence that a person reads. */
export const heldWords = (held: boolean | null): string =>
  held === null ? 'hold unknown' : held ? 'writes held' : 'writes taken';

function countAt(json: unknown, path: string | undefined): number | null {
  const found = path ? readPath(json, path) : null;
  return typeof found === 'number' ? found : null;
}

/** Whether each instance holds writes, and how many requests are still in flight. */
export async function readFreeze(
  service: ServiceEntry,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<FreezeState[]> {
  const freeze = freezeOf(service);
  return Promise.all(
    service.instances.map(async (url): Promise<FreezeState> => {
      try {
        const answer = await callService(
          url,
          { method: freeze.state.method, path: freeze.state.path, headers },
          { timeoutMs: 3_000, signal },
        );
        const held = readPath(answer.json, freeze.held);
        const wrong =
          answer.status !== 200
            ? `${freeze.state.path} answered ${answer.status}`
            : typeof held === 'boolean'
              ? null
              : `${freeze.state.path} answered without ${freeze.held}`;
        return {
          url,
          held: wrong ? null : (held as boolean),
          inFlight: wrong ? null : countAt(answer.json, freeze.in_flight),
          refused: wrong ? null : countAt(answer.json, freeze.refused),
          error: wrong,
        };
      } catch (thrown) {
        signal?.throwIfAborted();
        return {
          url,
          held: null,
          inFlight: null,
          refused: null,
          error: thrown instanceof Error ? thrown.message : String(thrown),
        };
      }
    }),
  );
}

/**
 * Sets the hold of every instance (a state, never a toggle, so it may be repeated) and waits until it shows; for `on`
 * also until no request is in flight.
 * @throws CutoverError freeze_failed
 */
export async function setFreeze(
  service: ServiceEntry,
  wanted: 'on' | 'off',
  options: {
    headers: Record<string, string>;
    bypass: string;
    withinSeconds: number;
    signal?: AbortSignal;
  },
): Promise<FreezeState[]> {
  const freeze = freezeOf(service);
  for (const url of service.instances) {
    const answer = await callService(
      url,
      { ...freezeCall(freeze[wanted], options.bypass), headers: options.headers },
      { timeoutMs: 5_000, signal: options.signal },
    );
    if (answer.status < 200 || answer.status >= 300) {
      throw failed(service, `${freeze[wanted].method} ${freeze[wanted].path} answered ${answer.status}`);
    }
  }
  const until = Date.now() + options.withinSeconds * 1000;
  for (;;) {
    const states = await readFreeze(service, options.headers, options.signal);
    const reached = states.every(
      (state) => state.held === (wanted === 'on') && (wanted === 'off' || (state.inFlight ?? 0) === 0),
    );
    if (reached) return states;
    if (Date.now() > until) {
      throw failed(
        service,
        states
          .map((s) => s.error ?? `${s.url}: held ${s.held}, ${s.inFlight ?? 'unknown'} requests in flight`)
          .join('; '),
      );
    }
    await sleep(50);
  }
}

const failed = (service: ServiceEntry, why: string): CutoverError =>
  new CutoverError({
    code: 'freeze_failed',
    message: `Service ${service.name} did not reach the wanted hold: ${why}.`,
    advice: 'Look at the log of the service; the hold may be set again at any time.',
    retry: 'now',
  });
