/** Tables of Orcheo on both sides, declared once. Kinds: text, json, time, bool, int, serial, bytes. */

/** "name kind" with `!` for NOT NULL and an optional `=default` (a JSON text, 0 or 1). */
function parseColumn(text) {
  const [, name, kind, required, fallback] = /^(\w+) (\w+)(!)?(?:=(.*))?$/.exec(text);
  return { name, kind, required: Boolean(required), fallback: fallback ?? null };
}

const table = (file, columns, more = {}) => ({
  file,
  columns: columns.map(parseColumn),
  key: [columns[0].split(' ')[0]],
  indexes: {},
  postgresIndexes: {},
  ...more,
});

const STAMPS = ['created_at time!', 'updated_at time!'];

/** What the repository switch governs; the tokens have a file beside the repository's. */
const REPOSITORY = {
  workflows: table('workflows', ['id text!', 'handle text', 'is_archived bool!=0', 'payload json!', ...STAMPS], {
    indexes: { idx_workflows_handle: '(handle)', idx_workflows_archived: '(is_archived)' },
    postgresIndexes: { idx_workflows_payload: 'USING GIN (payload)' },
  }),
  workflow_versions: table('workflows', ['id text!', 'workflow_id text!', 'version int!', 'payload json!', ...STAMPS], {
    unique: ['workflow_id', 'version'],
    indexes: { idx_versions_workflow: '(workflow_id)' },
  }),
  workflow_runs: table(
    'workflows',
    [
      'id text!',
      'workflow_id text!',
      'workflow_version_id text!',
      'status text!',
      'triggered_by text!',
      'payload json!',
      ...STAMPS,
    ],
    {
      indexes: { idx_runs_workflow: '(workflow_id)', idx_runs_version: '(workflow_version_id)' },
      postgresIndexes: { idx_runs_payload: 'USING GIN (payload)' },
    },
  ),
  webhook_triggers: table('workflows', ['workflow_id text!', 'config json!']),
  cron_triggers: table('workflows', ['workflow_id text!', 'config json!', 'last_dispatched_at time']),
  retry_policies: table('workflows', ['workflow_id text!', 'config json!']),
  listener_subscriptions: table(
    'workflows',
    ['id text!', 'workflow_id text!', 'platform text!', 'status text!', 'config json!', ...STAMPS],
    { indexes: { idx_listeners_workflow: '(workflow_id)' } },
  ),
  listener_cursors: table('workflows', ['subscription_id text!', 'position text', 'updated_at time!']),
  listener_dedupe: table('workflows', ['subscription_id text!', 'dedupe_key text!', 'seen_at time!'], {
    key: ['subscription_id', 'dedupe_key'],
  }),
  execution_history: table(
    'workflows',
    [
      'execution_id text!',
      'workflow_id text!',
      'inputs json!',
      'runnable_config json!={}',
      'tags json!=[]',
      'callbacks json!=[]',
      'metadata json!={}',
      'run_name text',
      'status text!',
      'started_at time!',
      'completed_at time',
      'error text',
      'trace_id text',
      'trace_started_at time',
      'trace_completed_at time',
      'trace_last_span_at time',
    ],
    { indexes: { idx_history_workflow: '(workflow_id)' } },
  ),
  execution_history_steps: table('workflows', ['execution_id text!', 'step_index int!', 'at time!', 'payload json!'], {
    key: ['execution_id', 'step_index'],
    parent: ['execution_id', 'execution_history', 'execution_id'],
    indexes: { idx_history_steps: '(execution_id, step_index)' },
  }),
  agentensor_checkpoints: table(
    'workflows',
    [
      'id text!',
      'workflow_id text!',
      'config_version int!',
      'runnable_config json!',
      'metrics json!',
      'metadata json!={}',
      'artifact_url text',
      'is_best bool!=0',
      'created_at time!',
    ],
    {
      indexes: {
        idx_agentensor_workflow: '(workflow_id, config_version)',
        idx_agentensor_best: '(workflow_id, is_best)',
      },
      postgresIndexes: {
        idx_agentensor_metrics: 'USING GIN (metrics)',
        idx_agentensor_metadata: 'USING GIN (metadata)',
      },
    },
  ),
  service_tokens: table(
    'service_tokens',
    [
      'identifier text!',
      'secret_hash text!',
      'scopes json',
      'workspace_ids json',
      'created_at time!',
      'created_by text',
      'issued_at time',
      'expires_at time',
      'last_used_at time',
      'use_count int=0',
      'rotation_expires_at time',
      'rotated_to text',
      'rotated_from text',
      'revoked_at time',
      'revoked_by text',
      'revocation_reason text',
      'allowed_ip_ranges json',
      'rate_limit_override int',
    ],
    // PostgreSQL drops this reference to itself, as the real service does.
    { sqliteParent: ['rotated_to', 'service_tokens', 'identifier'], indexes: { idx_tokens_hash: '(secret_hash)' } },
  ),
  service_token_audit_log: table(
    'service_tokens',
    [
      'id serial!',
      'token_id text!',
      'action text!',
      'actor text',
      'ip_address text',
      'user_agent text',
      'timestamp time!',
      'details json',
    ],
    { indexes: { idx_audit_token: '(token_id)', idx_audit_time: '("timestamp")' } },
  ),
};

const CHATKIT = {
  chat_threads: table(
    'chatkit',
    ['id text!', 'title text', 'workflow_id text', 'status json!', 'metadata json!={}', ...STAMPS],
    { postgresIndexes: { idx_threads_metadata: 'USING GIN (metadata)' } },
  ),
  chat_messages: table(
    'chatkit',
    ['id text!', 'thread_id text!', 'ordinal int!', 'item_type text!', 'item_json json!', 'created_at time!'],
    {
      parent: ['thread_id', 'chat_threads', 'id'],
      indexes: { idx_messages_thread: '(thread_id, ordinal)' },
      postgresIndexes: {
        idx_messages_item: 'USING GIN (item_json)',
        idx_messages_text: "USING GIN (to_tsvector('english', coalesce(item_json ->> 'text', '')))",
      },
    },
  ),
  chat_attachments: table(
    'chatkit',
    [
      'id text!',
      'thread_id text',
      'attachment_type text!',
      'name text!',
      'mime_type text!',
      'details_json json!',
      'storage_path text',
      'created_at time!',
    ],
    { indexes: { idx_attachments_thread: '(thread_id)' } },
  ),
};

const CHECKPOINT = {
  checkpoints: table(
    'checkpoints',
    [
      'thread_id text!',
      'checkpoint_ns text!',
      'checkpoint_id text!',
      'parent_checkpoint_id text',
      'type text',
      'checkpoint json!',
      'metadata json!={}',
    ],
    { key: ['thread_id', 'checkpoint_ns', 'checkpoint_id'] },
  ),
  checkpoint_writes: table(
    'checkpoints',
    [
      'thread_id text!',
      'checkpoint_ns text!',
      'checkpoint_id text!',
      'task_id text!',
      'idx int!',
      'channel text!',
      'type text',
      'value bytes',
    ],
    { key: ['thread_id', 'checkpoint_ns', 'checkpoint_id', 'task_id', 'idx'] },
  ),
};

const GRAPH_STORE = {
  store: table('graph_store', ['prefix text!', 'key text!', 'value json!', ...STAMPS], { key: ['prefix', 'key'] }),
};

/** Surface → its tables. Each has a switch of its own; a SQLite file belongs to one surface, the tokens' to the repository. */
export const SURFACES = { repository: REPOSITORY, checkpoint: CHECKPOINT, chatkit: CHATKIT, graph_store: GRAPH_STORE };
export const TABLES = Object.assign({}, ...Object.values(SURFACES));
