import { randomUUID } from 'node:crypto';
import { openUserWalk } from '../parts/user-walk.mjs';

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

async function loadTargets(call) {
  const ids = async (path, list) => {
    const answer = await call('GET', path);
    return answer.status === 200 ? answer.json[list].map((entry) => entry.id) : [];
  };
  const [workflows, threads] = [
    await ids('/api/workflows?limit=60', 'workflows'),
    await ids('/api/chatkit/threads', 'threads'),
  ];
  return workflows.length > 0 && threads.length > 0 ? { workflows, threads } : null;
}

/** One tenant's users as one endless walk over all surfaces: a read, a write, a pause; one at a time. @param options as of openUserWalk */
export async function runUser(options) {
  const { signal } = options;
  const { call, read, write, pause } = openUserWalk(options);
  let targets = null;
  for (let turn = 0; !signal.aborted; turn += 1) {
    targets ??= await loadTargets(call);
    if (!targets) {
      await pause(1_000);
      continue;
    }
    const thread = targets.threads[turn % targets.threads.length];
    await read(turn % 2 ? '/api/workflows?limit=20' : `/api/chatkit/threads/${thread}/messages`);
    await pause();
    if (signal.aborted) break;
    await write(nextWrite(targets, turn));
    await pause();
  }
}
