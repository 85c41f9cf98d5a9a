import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const CALL_TIMEOUT_MS = 8_000;
/** A write that no retry gets through within this time has failed for its user. */
const PATIENCE_MS = 60_000;

async function callService(profile, method, path, body) {
  try {
    const answer = await fetch(`${profile.url}${path}`, {
      method,
      headers: { ...profile.headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    return {
      status: answer.status,
      json: JSON.parse(await answer.text()),
      retryAfter: Number(answer.headers.get('retry-after')) || null,
      requestId: answer.headers.get('x-oris-request-id'),
    };
  } catch {
    return { status: 0, json: null, retryAfter: null, requestId: null };
  }
}

/** The service is away or holds writes: the user waits and tries again. Every other answer is final. */
const mayRetry = (answer) => answer.status === 0 || (answer.status === 503 && answer.retryAfter !== null);

/** The same idempotency key each time, so a retry never doubles a job. */
async function insist(profile, path, body, counters, signal) {
  const until = Date.now() + PATIENCE_MS;
  let wasHeld = false;
  for (;;) {
    const answer = await callService(profile, 'POST', path, body);
    if (answer.status === 200) return { ok: true, answer };
    if (!mayRetry(answer) || Date.now() > until || signal.aborted)
      return { ok: false, answer, ended: signal.aborted && mayRetry(answer) };
    if (!wasHeld) counters.held += 1;
    wasHeld = true;
    await sleep(Math.min((answer.retryAfter ?? 0.25) * 1000, 1_000), undefined, { signal }).catch(() => {});
  }
}

/**
 * One runtime's callers as one endless walk: read the jobs, queue one, pause. What is queued stays queued, so that a
 * check finds each acknowledged attempt again. @param perSecond requests a second, bounded
 */
export async function runOrisUser({ profile, record, perSecond, signal }) {
  const { counters } = record;
  const pause = () => sleep(1000 / perSecond, undefined, { signal }).catch(() => {});
  while (!signal.aborted) {
    const read = await callService(profile, 'GET', '/v1/jobs?limit=20');
    if (read.status === 200) counters.reads += 1;
    else if (!mayRetry(read)) record.fail({ kind: 'read', path: '/v1/jobs', status: read.status });
    await pause();
    if (signal.aborted) break;
    const id = randomUUID();
    const body = { thread_id: `demo-${id}`, input: 'demo', idempotency_key: id };
    const done = await insist(profile, '/v1/jobs/run', body, counters, signal);
    const write = { table: 'runtime_attempts', column: 'run_id', value: body.thread_id };
    if (done.ok)
      record.acknowledge({ ...write, key: { attempt_id: done.answer.json.data.attempt_id } }, done.answer.requestId);
    else if (done.ended) record.leaveOpen({ ...write, key: {} });
    else record.fail({ kind: 'write', path: '/v1/jobs/run', status: done.answer.status, table: write.table });
    await pause();
  }
}
