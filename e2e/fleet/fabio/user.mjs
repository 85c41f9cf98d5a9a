import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const CALL_TIMEOUT_MS = 8_000;
/** A write that no retry gets through within this time has failed for its user. */
const PATIENCE_MS = 60_000;

/** One call; never throws for what the service does. `status` 0: no answer at all. */
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
      text: await answer.text(),
      retryAfter: Number(answer.headers.get('retry-after')) || null,
      requestId: answer.headers.get('x-request-id'),
    };
  } catch (error) {
    return { status: 0, text: String(error?.cause?.code ?? error?.name ?? error), retryAfter: null, requestId: null };
  }
}

/** The service is away or holds writes: the user waits and tries again. Every other answer is final. */
const mayRetry = (answer) => answer.status === 0 || (answer.status === 503 && answer.retryAfter !== null);

/** A customer under an id of the user's own, whole, so that a retry never doubles it; every third turn an owner speaks. */
function nextWrite(ids, turn) {
  const value = `visto ${new Date().toISOString()} ${randomUUID().slice(0, 8)} ✓`;
  const customer_id = ids[turn % ids.length];
  return {
    path: `/v1/customers/${customer_id}`,
    body: {
      tenant_id: 'tenant-demo',
      display_name: value,
      primary_phone: null,
      primary_email: null,
      origin: 'demo',
      status: 'active',
      external_key: null,
      metadata: { turn },
    },
    table: 'customers',
    key: { customer_id },
    column: 'display_name',
    value,
  };
}

const interaction = () => ({
  request: {
    request_id: randomUUID(),
    tenant_id: 'tenant-demo',
    session_id: randomUUID(),
    operation: 'send_message',
    channel: 'ui-chat',
    payload: { text: 'marcar reuniao na agenda' },
  },
});

async function insist(profile, write, counters, signal) {
  const until = Date.now() + PATIENCE_MS;
  let wasHeld = false;
  for (;;) {
    const answer = await callService(profile, 'PUT', write.path, write.body);
    if (answer.status === 200) return { ok: true, answer };
    if (!mayRetry(answer) || Date.now() > until || signal.aborted)
      return { ok: false, answer, ended: signal.aborted && mayRetry(answer) };
    if (!wasHeld) counters.held += 1;
    wasHeld = true;
    await sleep(Math.min((answer.retryAfter ?? 0.25) * 1000, 1_000), undefined, { signal }).catch(() => {});
  }
}

/** Speaks once and has the task done; a turned-away attempt is simply not made again, because an interaction has no id to repeat. */
async function speak(profile, record) {
  const said = await callService(profile, 'POST', '/v1/owner-concierge/interaction', interaction());
  if (said.status === 200) {
    const { command_id } = JSON.parse(said.text).response.owner_command;
    record.acknowledge(
      { table: 'orchestration_commands', key: { command_id }, column: 'name', value: 'owner.command.create' },
      said.requestId,
    );
    await callService(profile, 'POST', '/internal/worker/module-tasks/drain', { limit: 5 });
  } else if (!mayRetry(said))
    record.fail({ kind: 'write', path: '/v1/owner-concierge/interaction', status: said.status });
}

/**
 * One store's users as one endless walk: a read, a write, a pause; one at a time.
 * @param {{profile: {url: string, headers?: object}, record: object, perSecond: number, signal: AbortSignal}} options
 *   record: as of ../user-record.mjs
 */
export async function runFabioUser({ profile, record, perSecond, signal }) {
  const pause = () => sleep(1000 / perSecond, undefined, { signal }).catch(() => {});
  const ids = Array.from({ length: 20 }, () => randomUUID());
  for (let turn = 0; !signal.aborted; turn += 1) {
    const path = turn % 2 ? '/v1/customers?limit=20' : '/v1/billing/charges?limit=20';
    const read = await callService(profile, 'GET', path);
    if (read.status === 200) record.counters.reads += 1;
    else if (!mayRetry(read)) record.fail({ kind: 'read', path, status: read.status });
    await pause();
    if (signal.aborted) break;
    if (turn % 3 === 2) await speak(profile, record);
    else {
      const write = nextWrite(ids, turn);
      const done = await insist(profile, write, record.counters, signal);
      if (done.ok) record.acknowledge(write, done.answer.requestId);
      else if (done.ended) record.leaveOpen(write);
      else
        record.fail({
          kind: 'write',
          path: write.path,
          status: done.answer.status,
          table: write.table,
          key: write.key,
          column: write.column,
        });
    }
    await pause();
  }
}
