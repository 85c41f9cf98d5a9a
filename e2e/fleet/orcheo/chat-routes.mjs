import { randomUUID } from 'node:crypto';
import { HttpError } from '../parts/errors.mjs';
import { nowTime, readJson, readTime } from './values.mjs';

const showThread = (row) => ({
  id: row.id,
  title: row.title,
  workflow_id: row.workflow_id,
  status: readJson(row.status),
  metadata: readJson(row.metadata),
  created_at: readTime(row.created_at),
  updated_at: readTime(row.updated_at),
});
const showMessage = (row) => ({
  id: row.id,
  thread_id: row.thread_id,
  ordinal: row.ordinal,
  item_type: row.item_type,
  ...readJson(row.item_json),
  created_at: readTime(row.created_at),
});

async function findThread(store, id) {
  const row = await store.one('SELECT * FROM chat_threads WHERE id = ?', [id]);
  if (!row) throw new HttpError(404, 'Thread not found');
  return row;
}

async function listThreads({ stores }) {
  const total = await stores.chatkit.one('SELECT count(*) AS n FROM chat_threads');
  const rows = await stores.chatkit.all('SELECT * FROM chat_threads ORDER BY updated_at DESC, id LIMIT 50');
  return { threads: rows.map(showThread), total: total.n };
}

async function putThread({ stores, params, body }) {
  if (typeof body.title !== 'string') throw new HttpError(422, 'title must be text');
  const now = nowTime();
  await stores.chatkit.run(
    'INSERT INTO chat_threads (id, title, workflow_id, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at',
    [params.id, body.title, body.workflow_id ?? null, '{"type":"active"}', now, now],
  );
  return showThread(await findThread(stores.chatkit, params.id));
}

async function listMessages({ stores, params }) {
  await findThread(stores.chatkit, params.id);
  const rows = await stores.chatkit.all('SELECT * FROM chat_messages WHERE thread_id = ? ORDER BY ordinal, id', [
    params.id,
  ]);
  return { messages: rows.map(showMessage) };
}

/** A client that names the message's id may send it again: the second one changes nothing. */
async function postMessage({ stores, params, body }) {
  if (typeof body.text !== 'string') throw new HttpError(422, 'text must be text');
  const [id, now] = [body.id ?? randomUUID(), nowTime()];
  await stores.chatkit.transaction(async (tx) => {
    await findThread(tx, params.id);
    const { next } = await tx.one(
      'SELECT coalesce(max(ordinal) + 1, 0) AS next FROM chat_messages WHERE thread_id = ?',
      [params.id],
    );
    await tx.run(
      'INSERT INTO chat_messages (id, thread_id, ordinal, item_type, item_json, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
      [id, params.id, next, body.item_type ?? 'user_message', JSON.stringify({ text: body.text }), now],
    );
    await tx.run('UPDATE chat_threads SET updated_at = ? WHERE id = ?', [now, params.id]);
  });
  return showMessage(await stores.chatkit.one('SELECT * FROM chat_messages WHERE id = ?', [id]));
}

/** TRAP kept: SQLite finds parts of words, PostgreSQL's English index finds word stems; the same words give other hits. */
async function searchMessages({ stores, query }) {
  const words = query.get('q') ?? '';
  if (!words) throw new HttpError(422, 'q is required');
  const store = stores.chatkit;
  const [where, wanted] =
    store.dialect === 'postgres'
      ? ["to_tsvector('english', coalesce(item_json ->> 'text', '')) @@ plainto_tsquery('english', ?)", words]
      : ["json_extract(item_json, '$.text') LIKE ?", `%${words}%`];
  const rows = await store.all(`SELECT * FROM chat_messages WHERE ${where} ORDER BY created_at DESC, id LIMIT 50`, [
    wanted,
  ]);
  return { messages: rows.map(showMessage) };
}

async function showCheckpoints({ stores, params }) {
  const rows = await stores.checkpoint.all('SELECT * FROM checkpoints WHERE thread_id = ? ORDER BY checkpoint_id', [
    params.id,
  ]);
  if (rows.length === 0) throw new HttpError(404, 'No checkpoint for this thread');
  return {
    checkpoints: rows.map((row) => ({
      checkpoint_id: row.checkpoint_id,
      ...readJson(row.checkpoint),
      metadata: readJson(row.metadata),
    })),
  };
}

/** What a client sets as the state of a thread is one more checkpoint; one that names its id may be sent again. */
async function putCheckpoint(call) {
  const { id, checkpoint } = call.params;
  await call.stores.checkpoint.run(
    "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, type, checkpoint, metadata) VALUES (?, '', ?, 'json', ?, ?) ON CONFLICT (thread_id, checkpoint_ns, checkpoint_id) DO UPDATE SET checkpoint = excluded.checkpoint",
    [
      id,
      checkpoint,
      JSON.stringify({ channel_values: call.body.channel_values ?? {} }),
      JSON.stringify({ step: 1, source: 'update' }),
    ],
  );
  return showCheckpoints(call);
}

async function deleteCheckpoints({ stores, params }) {
  await stores.checkpoint.run('DELETE FROM checkpoint_writes WHERE thread_id = ?', [params.id]);
  await stores.checkpoint.run('DELETE FROM checkpoints WHERE thread_id = ?', [params.id]);
  return { deleted: params.id };
}

async function deleteThread({ stores, params }) {
  await stores.chatkit.transaction(async (tx) => {
    await tx.run('DELETE FROM chat_messages WHERE thread_id = ?', [params.id]);
    await tx.run('DELETE FROM chat_threads WHERE id = ?', [params.id]);
  });
  return { deleted: params.id };
}

async function deleteStored({ stores, params }) {
  await stores.graph_store.run('DELETE FROM store WHERE prefix = ? AND key = ?', [params.prefix, params.id]);
  return { deleted: `${params.prefix}/${params.id}` };
}

async function getStored({ stores, params }) {
  const row = await stores.graph_store.one('SELECT * FROM store WHERE prefix = ? AND key = ?', [
    params.prefix,
    params.id,
  ]);
  if (!row) throw new HttpError(404, 'Not in the graph store');
  return { prefix: row.prefix, key: row.key, value: readJson(row.value), updated_at: readTime(row.updated_at) };
}

async function putStored(call) {
  const now = nowTime();
  await call.stores.graph_store.run(
    'INSERT INTO store (prefix, key, value, created_at, updated_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (prefix, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at',
    [call.params.prefix, call.params.id, JSON.stringify(call.body), now, now],
  );
  return getStored(call);
}

export const CHAT_ROUTES = [
  ['GET', '/api/chatkit/threads', listThreads],
  [
    'GET',
    '/api/chatkit/threads/:id',
    async ({ stores, params }) => showThread(await findThread(stores.chatkit, params.id)),
  ],
  ['PUT', '/api/chatkit/threads/:id', putThread],
  ['DELETE', '/api/chatkit/threads/:id', deleteThread],
  ['GET', '/api/chatkit/threads/:id/messages', listMessages],
  ['POST', '/api/chatkit/threads/:id/messages', postMessage, { status: 201 }],
  ['GET', '/api/chatkit/search', searchMessages],
  ['GET', '/api/checkpoints/:id', showCheckpoints],
  ['PUT', '/api/checkpoints/:id/:checkpoint', putCheckpoint],
  ['DELETE', '/api/checkpoints/:id', deleteCheckpoints],
  ['GET', '/api/graph-store/:prefix/:id', getStored],
  ['PUT', '/api/graph-store/:prefix/:id', putStored],
  ['DELETE', '/api/graph-store/:prefix/:id', deleteStored],
];
