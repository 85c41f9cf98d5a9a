import { randomUUID } from 'node:crypto';
import { openUserWalk } from '../parts/user-walk.mjs';

const ITEMS_KEPT = 120;
/** The first items of a list belong to smoke and canary checks. */
const ITEMS_LEFT_ALONE = 40;
const STATUSES = ['new', 'review', 'approved', 'scheduled', 'posted'];

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

async function loadItems(call) {
  for (const offset of [ITEMS_LEFT_ALONE, 0]) {
    const answer = await call('GET', `/items?limit=${ITEMS_KEPT}&offset=${offset}&order=author`);
    const ids = answer.status === 200 ? answer.json.items.map((item) => item.id) : [];
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
 * value of a key is the one the database must hold. @param options as of openUserWalk
 */
export async function runUser(options) {
  const { signal } = options;
  const { call, read, write, pause } = openUserWalk({ ...options, requestIdHeader: 'x-sx-request-id' });
  let items = [];
  for (let turn = 0; !signal.aborted; turn += 1) {
    if (items.length === 0) items = await loadItems(call);
    if (items.length === 0) {
      await pause(1_000);
      continue;
    }
    const item = items[(turn * 7) % items.length];
    await read(readPath(item, turn));
    await pause();
    if (signal.aborted) break;
    await write(nextWrite(item, turn));
    await pause();
  }
}
