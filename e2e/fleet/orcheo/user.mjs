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

/** One write a surface in turn. Ids are the user's own, so a retry never doubles it; an independent check finds each by its key. */
function nextWrite(targets, turn) {
  const value = `seen ${new Date().toISOString()} ${randomUUID().slice(0, 8)} ✓`;
  const pick = (list) => list[(turn * 7) % list.length];
  if (turn % 3 === 0) {
    const id = pick(targets.workflows);
    return {
      method: 'PUT',
      path: `/api/workflows/${id}`,
      body: { description: value },
      table: 'workflows',
      key: { id },
      column: 'payload.description',
      value,
    };
  }
  if (turn % 3 === 1) {
    const id = randomUUID();
    return {
      method: 'POST',
      path: `/api/chatkit/threads/${pick(targets.threads)}/messages`,
      body: { id, text: value },
      table: 'chat_messages',
      key: { id },
      column: 'item_json.text',
      value,
    };
  }
  const key = `demo-${turn % 40}`;
  return {
    method: 'PUT',
    path: `/api/graph-store/users/${key}`,
    body: { text: value },
    table: 'store',
    key: { prefix: 'users', key },
    column: 'value.text',
    value,
  };
}

/** The service is away or holds writes: the user waits and tries again. Every other answer is final. */
const mayRetry = (answer) => answer.status === 0 || (answer.status === 503 && answer.retryAfter !== null);

async function insist(profile, write, counters, signal) {
  const until = Date.now() + PATIENCE_MS;
  let wasHeld = false;
  for (;;) {
    const answer = await callService(profile, write.method, write.path, write.body);
    if (answer.status === 200 || answer.status === 201) return { ok: true, answer };
    if (!mayRetry(answer) || Date.now() > until || signal.aborted)
      return { ok: false, answer, ended: signal.aborted && mayRetry(answer) };
    if (!wasHeld) counters.held += 1;
    wasHeld = true;
    await sleep(Math.min((answer.retryAfter ?? 0.25) * 1000, 1_000), undefined, { signal }).catch(() => {});
  }
}

async function loadTargets(profile) {
  const ids = async (path, list) => {
    const answer = await callService(profile, 'GET', path);
    return answer.status === 200 ? JSON.parse(answer.text)[list].map((entry) => entry.id) : [];
  };
  const [workflows, threads] = [
    await ids('/api/workflows?limit=60', 'workflows'),
    await ids('/api/chatkit/threads', 'threads'),
  ];
  return workflows.length > 0 && threads.length > 0 ? { workflows, threads } : null;
}

/**
 * One tenant's users as one endless walk over all surfaces: a read, a write, a pause; one at a time.
 * @param {{profile: {url: string, headers?: object}, record: object, perSecond: number, signal: AbortSignal}} options
 *   record: as of ../user-record.mjs
 */
export async function runOrcheoUser({ profile, record, perSecond, signal }) {
  const pause = (ms = 1000 / perSecond) => sleep(ms, undefined, { signal }).catch(() => {});
  let targets = null;
  for (let turn = 0; !signal.aborted; turn += 1) {
    targets ??= await loadTargets(profile);
    if (!targets) {
      await pause(1_000);
      continue;
    }
    const path =
      turn % 2
        ? '/api/workflows?limit=20'
        : `/api/chatkit/threads/${targets.threads[turn % targets.threads.length]}/messages`;
    const read = await callService(profile, 'GET', path);
    if (read.status === 200) record.counters.reads += 1;
    else if (!mayRetry(read)) record.fail({ kind: 'read', path, status: read.status });
    await pause();
    if (signal.aborted) break;
    const write = nextWrite(targets, turn);
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
    await pause();
  }
}
