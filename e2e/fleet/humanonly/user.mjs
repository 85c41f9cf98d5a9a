import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openUserWalk } from '../parts/user-walk.mjs';
import { signIn } from './sign-in.mjs';

/** Three posts, then a report on somebody's; the text is unique, so that an independent check finds its row. */
function nextWrite(turn, feed) {
  const text = `seen at ${new Date().toISOString()} ${randomUUID().slice(0, 8)} ✓`;
  const target = feed[turn % Math.max(1, feed.length)];
  const keyOf = (answer) => ({ id: answer.data.id });
  if (turn % 4 === 3 && target)
    return {
      method: 'POST',
      keyOf,
      table: 'reports',
      column: 'reason',
      value: text,
      path: '/api/reports',
      body: { postId: target.id, reason: text },
    };
  return {
    method: 'POST',
    keyOf,
    table: 'posts',
    column: 'body',
    value: text,
    path: '/api/posts',
    body: { body: text },
  };
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

/** One tenant's users as one endless walk: read the feed, post or report, pause. @param options as of openUserWalk */
export async function runUser(options) {
  const { profile, signal } = options;
  const handle = `demo_${profile.sourceId.toLowerCase().replace(/[^a-z0-9_]/g, '_')}`.slice(0, 24);
  let cookie = '';
  const { read, write, pause } = openUserWalk({
    ...options,
    requestIdHeader: 'x-humanonly-request-id',
    headers: () => ({ Cookie: cookie }),
  });
  for (let turn = 0; !signal.aborted; turn += 1) {
    if (!cookie) cookie = await onboard(profile, handle, signal);
    const feed = await read('/api/feed?limit=20');
    await pause();
    if (signal.aborted) break;
    // Its session is from before a restart on another store: nothing was written, and it signs in again.
    const answer = await write(nextWrite(turn, feed.json?.data ?? []), ({ status }) => status === 401);
    if (answer.status === 401) cookie = '';
    await pause();
  }
}
