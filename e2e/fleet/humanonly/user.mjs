import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signIn } from './sign-in.mjs';

const CALL_TIMEOUT_MS = 8_000;
/** A write that no retry gets through within this time has failed for its user. */
const PATIENCE_MS = 60_000;

async function callService(profile, cookie, method, path, body) {
  try {
    const answer = await fetch(`${profile.url}${path}`, {
      method,
      headers: { ...profile.headers, Cookie: cookie, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    return {
      status: answer.status,
      json: JSON.parse(await answer.text()),
      retryAfter: Number(answer.headers.get('retry-after')) || null,
      requestId: answer.headers.get('x-humanonly-request-id'),
    };
  } catch (error) {
    return {
      status: 0,
      json: null,
      retryAfter: null,
      requestId: null,
      detail: String(error?.cause?.code ?? error?.name),
    };
  }
}

/** The service is away or holds writes: the user waits and tries again. Every other answer is final. */
const mayRetry = (answer) => answer.status === 0 || (answer.status === 503 && answer.retryAfter !== null);

async function insist(profile, cookie, write, counters, signal) {
  const until = Date.now() + PATIENCE_MS;
  let wasHeld = false;
  for (;;) {
    const answer = await callService(profile, cookie, 'POST', write.path, write.body);
    if (answer.status === 201) return { ok: true, answer };
    if (!mayRetry(answer) || Date.now() > until || signal.aborted)
      return { ok: false, answer, ended: signal.aborted && mayRetry(answer) };
    if (!wasHeld) counters.held += 1;
    wasHeld = true;
    await sleep(Math.min((answer.retryAfter ?? 0.25) * 1000, 1_000), undefined, { signal }).catch(() => {});
  }
}

/** Three posts, then a report on somebody's; the text is unique, so that an independent check finds its row. */
function nextWrite(turn, feed) {
  const text = `seen at ${new Date().toISOString()} ${randomUUID().slice(0, 8)} ✓`;
  const target = feed[turn % Math.max(1, feed.length)];
  if (turn % 4 === 3 && target)
    return {
      table: 'reports',
      column: 'reason',
      value: text,
      path: '/api/reports',
      body: { postId: target.id, reason: text },
    };
  return { table: 'posts', column: 'body', value: text, path: '/api/posts', body: { body: text } };
}

async function onboard(profile, handle, signal) {
  while (!signal.aborted) {
    try {
      return await signIn({ url: profile.url, handle, displayName: 'Demo reader', headers: profile.headers, signal });
    } catch {
      await sleep(1_000, undefined, { signal }).catch(() => {});
    }
  }
  return '';
}

/**
 * One tenant's users as one endless walk: read the feed, post or report, pause.
 * @param perSecond requests a second, bounded
 */
export async function runHumanonlyUser({ profile, record, perSecond, signal }) {
  const { counters } = record;
  const handle = `demo_${profile.sourceId.toLowerCase().replace(/[^a-z0-9_]/g, '_')}`.slice(0, 24);
  const pause = () => sleep(1000 / perSecond, undefined, { signal }).catch(() => {});
  let cookie = '';
  for (let turn = 0; !signal.aborted; turn += 1) {
    if (!cookie) cookie = await onboard(profile, handle, signal);
    const read = await callService(profile, cookie, 'GET', '/api/feed?limit=20');
    if (read.status === 200) counters.reads += 1;
    else if (!mayRetry(read)) record.fail({ kind: 'read', path: '/api/feed', status: read.status });
    await pause();
    if (signal.aborted) break;
    const write = nextWrite(turn, read.json?.data ?? []);
    const done = await insist(profile, cookie, write, counters, signal);
    const place = { table: write.table, column: write.column };
    if (done.ok) record.acknowledge({ ...write, key: { id: done.answer.json.data.id } }, done.answer.requestId);
    else if (done.ended) record.leaveOpen({ ...place, key: {} });
    // Its session is from before a restart on another store: nothing was written, and it signs in again.
    else if (done.answer.status === 401) cookie = '';
    else record.fail({ kind: 'write', path: write.path, status: done.answer.status, ...place });
    await pause();
  }
}
