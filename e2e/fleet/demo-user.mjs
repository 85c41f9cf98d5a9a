import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const CALL_TIMEOUT_MS = 8_000;
/** A write that no retry gets through within this time has failed for its user. */
const PATIENCE_MS = 60_000;
const ITEMS_KEPT = 120;
/** The first items of a list belong to smoke and canary checks. */
const ITEMS_LEFT_ALONE = 40;
const STATUSES = ['new', 'review', 'approved', 'scheduled', 'posted'];

/** One call; never throws for what the service does. `status` 0: no answer at all. */
async function callService(profile, method, path, body) {
  try {
    const answer = await fetch(`${profile.url}${path}`, {
      method,
      headers: { ...profile.headers, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      text,
      retryAfter: Number(answer.headers.get('retry-after')) || null,
      requestId: answer.headers.get('x-sx-request-id'),
    };
  } catch (error) {
    return { status: 0, text: String(error?.cause?.code ?? error?.name ?? error), retryAfter: null, requestId: null };
  }
}

/** What one write sets, and how an independent check finds it again in the database. */
function nextWrite(item, turn) {
  const stamp = `${new Date().toISOString()} ${randomUUID().slice(0, 8)}`;
  const key = { video_id: item };
  const meta = (column, value) => ({
    path: `/items/${encodeURIComponent(item)}/meta`,
    body: { [column]: value },
    table: 'user_meta',
    key,
    column,
    value,
  });
  if (turn % 4 === 0) return meta('rating', turn % 6);
  if (turn % 4 === 1) return meta('status', STATUSES[turn % STATUSES.length]);
  if (turn % 4 === 2) return meta('notes', `seen at ${stamp} ✓`);
  const markdown = `# Note\n\n- written ${stamp} – “ok”\n`;
  return {
    path: `/items/${encodeURIComponent(item)}/note-md`,
    body: { markdown },
    table: 'video_notes',
    key,
    column: 'markdown',
    value: markdown,
  };
}

/** The service is away or holds writes: the user waits and tries again. Every other answer is final. */
const mayRetry = (answer) => answer.status === 0 || (answer.status === 503 && answer.retryAfter !== null);

/** Tries one write until it is acknowledged; the same value each time, so a retry never doubles it. */
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

async function loadItems(profile) {
  for (const offset of [ITEMS_LEFT_ALONE, 0]) {
    const answer = await callService(profile, 'GET', `/items?limit=${ITEMS_KEPT}&offset=${offset}&order=author`);
    const ids = answer.status === 200 ? JSON.parse(answer.text).items.map((item) => item.id) : [];
    if (ids.length > 0) return ids;
  }
  return [];
}

const readPath = (item, turn) =>
  [
    `/items/${encodeURIComponent(item)}`,
    `/items/${encodeURIComponent(item)}/meta`,
    '/items?limit=20',
    '/search?q=hello&limit=10',
  ][turn % 4];

/**
 * One profile's users as one endless walk: a read, a write, a pause. One at a time, so that the last acknowledged
 * value of a key is the one the database must hold.
 * @param perSecond requests a second, bounded
 */
export async function runDemoUser({ profile, record, perSecond, signal }) {
  const { counters } = record;
  const pause = () => sleep(1000 / perSecond, undefined, { signal }).catch(() => {});
  let items = [];
  for (let turn = 0; !signal.aborted; turn += 1) {
    if (items.length === 0) {
      items = await loadItems(profile);
      if (items.length === 0) await sleep(1_000, undefined, { signal }).catch(() => {});
      if (items.length === 0) continue;
    }
    const item = items[(turn * 7) % items.length];
    const read = await callService(profile, 'GET', readPath(item, turn));
    if (read.status === 200) counters.reads += 1;
    else if (!mayRetry(read)) record.fail({ kind: 'read', path: readPath(item, turn), status: read.status });
    await pause();
    if (signal.aborted) break;
    const write = nextWrite(item, turn);
    const done = await insist(profile, write, counters, signal);
    if (done.ok) record.acknowledge(write, done.answer.requestId);
    else if (!done.ended)
      record.fail({
        kind: 'write',
        path: write.path,
        status: done.answer.status,
        table: write.table,
        key: write.key,
        column: write.column,
      });
    else record.leaveOpen(write);
    await pause();
  }
}
