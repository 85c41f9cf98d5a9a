import { setTimeout as sleep } from 'node:timers/promises';

const CALL_TIMEOUT_MS = 8_000;
/** A write that no retry gets through within this time has failed for its user. */
const PATIENCE_MS = 60_000;

/** The service is away or holds writes: the user waits and tries again. Every other answer is final. */
export const mayRetry = (answer) => answer.status === 0 || (answer.status === 503 && answer.retryAfter !== null);

/**
 * What the users of every system have in common: calls that never throw, reads that are counted, writes that are tried until they
 * are acknowledged (the same value each time, so that a retry never doubles one) and put on record.
 * @param {{profile: {url: string, headers?: object}, record: any, perSecond: number, signal: AbortSignal,
 *   requestIdHeader?: string, headers?: () => object}} options record: as of ../user-record.mjs; perSecond: requests a second,
 *   bounded; headers: added to the profile's at each call
 */
export function openUserWalk({
  profile,
  record,
  perSecond,
  signal,
  requestIdHeader = 'x-request-id',
  headers = () => ({}),
}) {
  const pause = (ms = 1000 / perSecond) => sleep(ms, undefined, { signal }).catch(() => {});

  /** `status` 0: no answer at all. `json` null: the answer is none. */
  async function call(method, path, body) {
    try {
      const answer = await fetch(`${profile.url}${path}`, {
        method,
        headers: { ...profile.headers, ...headers(), ...(body ? { 'Content-Type': 'application/json' } : {}) },
        body: body ? JSON.stringify(body) : undefined,
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      return {
        status: answer.status,
        json: await answer.json(),
        retryAfter: Number(answer.headers.get('retry-after')) || null,
        requestId: answer.headers.get(requestIdHeader),
      };
    } catch {
      return { status: 0, json: null, retryAfter: null, requestId: null };
    }
  }

  async function read(path) {
    const answer = await call('GET', path);
    if (answer.status === 200) record.counters.reads += 1;
    else if (!mayRetry(answer)) record.fail({ kind: 'read', path, status: answer.status });
    return answer;
  }

  async function insist({ method = 'PUT', path, body }) {
    const until = Date.now() + PATIENCE_MS;
    for (let tries = 0; ; tries += 1) {
      const answer = await call(method, path, body);
      const isDone = answer.status === 200 || answer.status === 201;
      if (isDone || !mayRetry(answer)) return { isDone, isOpen: false, answer };
      if (signal.aborted || Date.now() > until) return { isDone, isOpen: signal.aborted, answer };
      if (tries === 0) record.counters.held += 1;
      await pause(Math.min((answer.retryAfter ?? 0.25) * 1000, 1_000));
    }
  }

  /**
   * @param {{method?: string, path: string, body: object, table: string, key?: object, keyOf?: (json: any) => object,
   *   column: string, value: unknown}} wanted how an independent check finds the write again; keyOf: its key, when the service
   *   makes it
   * @param {(answer: {status: number}) => boolean} [isMine] true for a refusal that the caller deals with
   */
  async function write(wanted, isMine = () => false) {
    const { isDone, isOpen, answer } = await insist(wanted);
    const { path, table, key = {}, keyOf = () => key, column, value } = wanted;
    if (isDone) record.acknowledge({ table, key: keyOf(answer.json), column, value }, answer.requestId);
    else if (isOpen) record.leaveOpen({ table, key, column });
    else if (!isMine(answer)) record.fail({ kind: 'write', path, status: answer.status, table, key, column });
    return answer;
  }

  return { call, read, write, pause };
}
