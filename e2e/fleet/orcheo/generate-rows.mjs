import { sampleUuid } from '../parts/random.mjs';
import { samplePhrase, sampleTime } from './sample-values.mjs';

const STATUSES = ['succeeded', 'succeeded', 'succeeded', 'failed', 'cancelled', 'running'];
const json = (value) => JSON.stringify(value);

function insertWorkflow(random, insert, n, versions) {
  const id = sampleUuid(random);
  const at = sampleTime(random);
  const name = samplePhrase(random);
  insert('workflows', [
    id,
    random.chance(0.7) ? `flow-${n}` : null,
    random.chance(0.15),
    json({ name, description: samplePhrase(random), tags: random.chance(0.5) ? ['ops'] : [] }),
    at,
    sampleTime(random),
  ]);
  const made = [];
  for (let version = 1; version <= versions; version += 1) {
    const versionId = sampleUuid(random);
    made.push(versionId);
    insert('workflow_versions', [
      versionId,
      id,
      version,
      json({ graph: { nodes: [{ id: 'start' }, { id: `n${version}` }], edges: [] }, notes: samplePhrase(random) }),
      at,
      at,
    ]);
  }
  return { id, versions: made };
}

function insertTriggers(random, insert, workflow, n) {
  if (random.chance(0.3)) insert('webhook_triggers', [workflow.id, json({ path: `/hooks/${n}`, methods: ['POST'] })]);
  if (random.chance(0.4))
    insert('cron_triggers', [
      workflow.id,
      json({ expression: '0 * * * *', timezone: 'UTC' }),
      random.chance(0.9) ? sampleTime(random) : null,
    ]);
  if (random.chance(0.5))
    insert('retry_policies', [workflow.id, json({ max_attempts: 1 + random.int(5), backoff: 1.5 })]);
  if (random.chance(0.2)) {
    const id = sampleUuid(random);
    insert('listener_subscriptions', [
      id,
      workflow.id,
      random.pick(['telegram', 'discord', 'qq']),
      'active',
      json({ bot: `b${n}` }),
      sampleTime(random),
      sampleTime(random),
    ]);
    insert('listener_cursors', [id, String(random.int(1_000_000_000)), sampleTime(random)]);
    for (let i = 0; i < 5; i += 1) insert('listener_dedupe', [id, `update-${i}`, sampleTime(random)]);
  }
  for (let i = 0; i < random.int(3); i += 1)
    insert('agentensor_checkpoints', [
      sampleUuid(random),
      workflow.id,
      i + 1,
      json({ temperature: random.int(10) / 10 }),
      json({ loss: random.int(1000) / 1000 }),
      '{}',
      null,
      i === 0,
      sampleTime(random),
    ]);
}

function insertRun(random, insert, workflow) {
  const id = sampleUuid(random);
  const at = sampleTime(random);
  const status = random.pick(STATUSES);
  const inputs = { text: samplePhrase(random), retries: random.int(9) };
  insert('workflow_runs', [
    id,
    workflow.id,
    random.pick(workflow.versions),
    status,
    random.pick(['manual', 'cron', 'webhook']),
    json({ inputs }),
    at,
    at,
  ]);
  insert('execution_history', [
    id,
    workflow.id,
    json(inputs),
    '{}',
    '[]',
    '[]',
    '{}',
    null,
    status === 'succeeded' ? 'completed' : status,
    at,
    status === 'running' ? null : at,
    status === 'failed' ? 'node failed' : null,
    null,
    null,
    null,
    null,
  ]);
  for (let index = 0; index < 3; index += 1)
    insert('execution_history_steps', [id, index, at, json({ node: `n${index}`, output: samplePhrase(random) })]);
  return id;
}

/** workflows.sqlite: workflows with versions, triggers, runs and their history. @returns run ids, threads of the checkpoints */
export function insertRepository(random, insert, { workflows, runs }) {
  const made = [];
  for (let n = 0; n < workflows; n += 1) {
    const workflow = insertWorkflow(random, insert, n, 1 + random.int(4));
    insertTriggers(random, insert, workflow, n);
    made.push(workflow);
  }
  const ids = [];
  for (let n = 0; n < runs; n += 1) ids.push(insertRun(random, insert, random.pick(made)));
  return ids;
}

export function insertTokens(random, insert, { tokens }) {
  let previous = null;
  for (let n = 0; n < tokens; n += 1) {
    const id = `token-${String(n).padStart(3, '0')}`;
    insert('service_tokens', [
      id,
      sampleUuid(random).replaceAll('-', ''),
      json(['workflows:read']),
      random.chance(0.5) ? json(['w1']) : null,
      sampleTime(random),
      'admin',
      sampleTime(random),
      null,
      random.chance(0.5) ? sampleTime(random) : null,
      random.int(500),
      null,
      random.chance(0.2) ? previous : null,
      null,
      random.chance(0.1) ? sampleTime(random) : null,
      null,
      null,
      json(['10.0.0.0/8']),
      random.chance(0.3) ? 100 : null,
    ]);
    // Gaps, as deleted rows leave them: the next number after a move is not the count.
    for (let i = 0; i < 3; i += 1)
      insert('service_token_audit_log', [
        n * 5 + i + 1,
        id,
        random.pick(['created', 'used', 'rotated']),
        'admin',
        '10.1.2.3',
        null,
        sampleTime(random),
        json({ n: i }),
      ]);
    previous = id;
  }
}

export function insertChat(random, insert, { threads, messages }) {
  const ids = [];
  for (let n = 0; n < threads; n += 1) {
    ids.push(sampleUuid(random));
    insert('chat_threads', [
      ids[n],
      samplePhrase(random),
      null,
      '{"type":"active"}',
      json({ source: 'web', n }),
      sampleTime(random),
      sampleTime(random),
    ]);
  }
  for (let n = 0; n < messages; n += 1)
    insert('chat_messages', [
      sampleUuid(random),
      ids[n % threads],
      Math.floor(n / threads),
      n % 2 ? 'assistant_message' : 'user_message',
      json({ text: samplePhrase(random) }),
      sampleTime(random),
    ]);
  for (let n = 0; n < threads / 10; n += 1)
    insert('chat_attachments', [
      sampleUuid(random),
      ids[n],
      'file',
      `notes ${n}.txt`,
      'text/plain',
      json({ bytes: n }),
      null,
      sampleTime(random),
    ]);
}

export function insertCheckpoints(random, insert, threads) {
  for (const thread of threads) {
    const id = sampleUuid(random);
    insert('checkpoints', [
      thread,
      '',
      id,
      null,
      'json',
      json({ channel_values: { text: samplePhrase(random) } }),
      json({ step: 1, source: 'loop' }),
    ]);
    insert('checkpoint_writes', [
      thread,
      '',
      id,
      sampleUuid(random),
      0,
      'messages',
      'msgpack',
      Buffer.from([0x81, 0xa1, random.int(256), random.int(256), 0x00, 0xff]),
    ]);
  }
}

export function insertStore(random, insert, { stored }) {
  for (let n = 0; n < stored; n += 1)
    insert('store', [
      random.pick(['memories', 'users']),
      `key-${n}`,
      json({ text: samplePhrase(random), n }),
      sampleTime(random),
      sampleTime(random),
    ]);
}
