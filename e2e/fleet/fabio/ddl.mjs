/** Tables of fabio, declared once: their PostgreSQL columns, and where their records lie in the file store. */

const TYPES = {
  uuid: 'UUID',
  text: 'TEXT',
  time: 'TIMESTAMPTZ',
  json: 'JSONB',
  bool: 'BOOLEAN',
  int: 'INTEGER',
  date: 'DATE',
  money: 'NUMERIC(14, 2)',
  score: 'NUMERIC(4, 3)',
  currency: 'CHAR(3)',
  serial: 'BIGSERIAL',
};

/** "name kind" with `!` for NOT NULL, `=default`, and `>table.column` for a reference. */
function parseColumn(text) {
  const [, name, kind, required, fallback, parent] = /^(\w+) (\w+)(!)?(?:=([^>]+))?(?:>(\S+))?$/.exec(text);
  return { name, kind, required: Boolean(required), fallback: fallback ?? null, parent: parent?.split('.') ?? null };
}

const META = 'metadata_json json!={}';
const STAMPS = ['created_at time!', 'updated_at time!'];
/** Records of one file: the whole list, or the lists below `pointers`. */
const array = (file) => ({ file, format: 'array', pointers: [] });
const ndjson = (file) => ({ file, format: 'ndjson', pointers: [] });
const lists = (file, ...pointers) => ({ file, format: 'object-of-arrays', pointers });

function table(store, columns, more = {}) {
  const parsed = columns.map(parseColumn);
  const key = parsed[0].kind === 'serial' ? null : parsed[0].name;
  // One external key a tenant, but any number of rows without one.
  const external = parsed.some((c) => c.name === 'external_key')
    ? { external_key_ux: 'UNIQUE (tenant_id, external_key) WHERE external_key IS NOT NULL' }
    : {};
  return {
    store,
    columns: parsed,
    key,
    whole: null,
    identity: key,
    ...more,
    indexes: { ...external, ...more.indexes },
  };
}

const log = (file, id, time, json) =>
  table(
    ndjson(file),
    [
      'id serial!',
      `${id} uuid!`,
      'name text!',
      'tenant_id text!',
      'correlation_id uuid!',
      'trace_id text!',
      `${time} time!`,
      `${json} json!`,
    ],
    {
      identity: id,
      whole: json,
      unique: id,
      indexes: { correlation_idx: `(correlation_id, ${time})` },
    },
  );

/** The 22 tables of the baseline, parents first. */
export const TABLES = {
  orchestration_commands: log('orchestration/commands.ndjson', 'command_id', 'created_at', 'command_json'),
  orchestration_events: log('orchestration/events.ndjson', 'event_id', 'emitted_at', 'event_json'),
  orchestration_module_task_queue: table(
    lists('orchestration/module-task-queue.json', 'pending', 'history'),
    [
      'queue_item_id uuid!',
      'status text!',
      'enqueued_at time!',
      'started_at time',
      'finished_at time',
      'updated_at time!',
      'simulate_failure bool!',
      'error_code text',
      'result_summary text',
      'command_json json!',
    ],
    { indexes: { status_idx: '(status, enqueued_at)' } },
  ),
  orchestration_task_confirmations: table(
    lists('orchestration/task-confirmations.json', 'pending', 'history'),
    [
      'confirmation_id uuid!',
      'tenant_id text!',
      'status text!',
      'reason_code text!',
      'owner_command_ref_json json!',
      'task_plan_ref_json json!',
      'request_snapshot_json json!',
      'resolution_json json',
      'module_task_json json',
      ...STAMPS,
      'resolved_at time',
    ],
    { indexes: { tenant_status_idx: '(tenant_id, status, created_at)' } },
  ),
  customers: table(array('customers/customers.json'), [
    'customer_id uuid!',
    'tenant_id text!',
    'display_name text!',
    'primary_phone text',
    'primary_email text',
    'origin text!',
    'status text!',
    'external_key text',
    META,
    ...STAMPS,
  ]),
  agenda_appointments: table(array('agenda/appointments.json'), [
    'appointment_id uuid!',
    'tenant_id text!',
    'external_key text',
    'title text!',
    'description text!',
    'start_at time!',
    'end_at time',
    'timezone text!',
    'status text!',
    META,
    ...STAMPS,
  ]),
  agenda_reminders: table(
    array('agenda/reminders.json'),
    [
      'reminder_id uuid!',
      'appointment_id uuid!',
      'tenant_id text!',
      'external_key text',
      'schedule_at time!',
      'channel text!',
      'message text!',
      'recipient_json json!={}',
      'status text!',
      'dispatch_command_id uuid',
      META,
      ...STAMPS,
    ],
    { indexes: { tenant_schedule_idx: '(tenant_id, schedule_at)' } },
  ),
  billing_charges: table(
    array('billing/charges.json'),
    [
      'charge_id uuid!',
      'tenant_id text!',
      'customer_id uuid!',
      'external_key text',
      'amount money!',
      'currency currency!',
      'due_date date',
      'status text!',
      META,
      ...STAMPS,
    ],
    { indexes: { tenant_due_idx: '(tenant_id, due_date)' } },
  ),
  billing_payments: table(
    array('billing/payments.json'),
    [
      'payment_id uuid!',
      'charge_id uuid!>billing_charges.charge_id',
      'tenant_id text!',
      'external_key text',
      'amount money!',
      'currency currency!',
      'paid_at time!',
      'status text!',
      META,
      ...STAMPS,
    ],
    { indexes: { tenant_paid_idx: '(tenant_id, paid_at)' } },
  ),
  crm_leads: table(array('crm/leads.json'), [
    'lead_id uuid!',
    'tenant_id text!',
    'external_key text',
    'display_name text!',
    'phone_e164 text!',
    'source_channel text!',
    'stage text!',
    META,
    ...STAMPS,
  ]),
  crm_campaigns: table(array('crm-automation/campaigns.json'), [
    'campaign_id uuid!',
    'tenant_id text!',
    'external_key text',
    'name text!',
    'channel text!',
    'audience_segment text',
    'state text!',
    'scheduled_at time',
    META,
    ...STAMPS,
  ]),
  crm_followups: table(array('crm-automation/followups.json'), [
    'followup_id uuid!',
    'tenant_id text!',
    'campaign_id uuid',
    'external_key text',
    'lead_id uuid',
    'customer_id uuid',
    'phone_e164 text!',
    'message text!',
    'schedule_at time!',
    'channel text!',
    'status text!',
    'provider_message_id text',
    'last_error_code text',
    'last_error_message text',
    META,
    'correlation_id uuid',
    'trace_id text',
    ...STAMPS,
  ]),
  crm_accounts: table(lists('crm-core/crm-core.json', 'accounts'), [
    'account_id uuid!',
    'tenant_id text!',
    'external_key text',
    'name text!',
    'legal_name text',
    'document_number text',
    'industry text',
    'website text',
    'status text!',
    'owner_user_id text',
    META,
    ...STAMPS,
  ]),
  crm_contacts: table(lists('crm-core/crm-core.json', 'contacts'), [
    'contact_id uuid!',
    'tenant_id text!',
    'account_id uuid>crm_accounts.account_id',
    'external_key text',
    'display_name text!',
    'job_title text',
    'phone_e164 text',
    'email text',
    'status text!',
    META,
    ...STAMPS,
  ]),
  crm_deals: table(lists('crm-core/crm-core.json', 'deals'), [
    'deal_id uuid!',
    'tenant_id text!',
    'lead_id uuid>crm_leads.lead_id',
    'account_id uuid>crm_accounts.account_id',
    'contact_id uuid>crm_contacts.contact_id',
    'external_key text',
    'title text!',
    'stage text!',
    'amount money',
    'currency currency',
    'expected_close_date date',
    'owner_user_id text',
    META,
    ...STAMPS,
  ]),
  crm_activities: table(lists('crm-core/crm-core.json', 'activities'), [
    'activity_id uuid!',
    'tenant_id text!',
    'deal_id uuid>crm_deals.deal_id',
    'contact_id uuid>crm_contacts.contact_id',
    'kind text!',
    'title text',
    'body text!',
    'occurred_at time!',
    'author_user_id text',
    META,
    ...STAMPS,
  ]),
  crm_tasks: table(lists('crm-core/crm-core.json', 'tasks'), [
    'task_id uuid!',
    'tenant_id text!',
    'deal_id uuid>crm_deals.deal_id',
    'contact_id uuid>crm_contacts.contact_id',
    'title text!',
    'description text',
    'due_at time',
    'status text!',
    'priority text!',
    'assignee_user_id text',
    META,
    ...STAMPS,
  ]),
  crm_views: table(
    lists('crm-core/crm-core.json', 'views'),
    [
      'view_id uuid!',
      'tenant_id text!',
      'owner_user_id text',
      'name text!',
      'scope text!',
      'module text!',
      'is_default bool!=false',
      'filters_json json!={}',
      'columns_json json!=[]',
      'sort_json json!={}',
      META,
      ...STAMPS,
    ],
    { indexes: { owner_module_name_ux: "UNIQUE (tenant_id, COALESCE(owner_user_id, ''), module, name)" } },
  ),
  owner_memory_entries: table(
    array('owner-memory/entries.json'),
    [
      'memory_id uuid!',
      'tenant_id text!',
      'session_id uuid!',
      'external_key text',
      'source text!',
      'content text!',
      'tags_json json!=[]',
      'salience_score score!',
      'embedding_ref text',
      'embedding_vector_json json',
      'status text!',
      META,
      ...STAMPS,
    ],
    { indexes: { tenant_session_idx: '(tenant_id, session_id, created_at)' } },
  ),
  owner_context_promotions: table(array('owner-memory/promotions.json'), [
    'promotion_id uuid!',
    'tenant_id text!',
    'memory_id uuid!>owner_memory_entries.memory_id',
    'action text!',
    'reason_code text',
    META,
    'created_at time!',
  ]),
  owner_memory_reembed_schedules: table(array('owner-memory-maintenance/reembed-schedules.json'), [
    'tenant_id text!',
    'enabled bool!=true',
    'interval_minutes int!',
    'limit_items int!',
    'mode text',
    ...STAMPS,
    'last_run_at time',
    'next_run_at time',
    'last_result_json json',
    'run_lock_json json',
  ]),
  owner_memory_reembed_runs: table(
    array('owner-memory-maintenance/reembed-runs.json'),
    [
      'id serial!',
      'run_id uuid!',
      'tenant_id text!',
      'trigger text!',
      'status text!',
      'dry_run bool!=false',
      'started_at time!',
      'finished_at time',
      'details_json json!={}',
      'created_at time!=NOW()',
    ],
    { identity: 'run_id', indexes: { tenant_started_idx: '(tenant_id, started_at DESC)' } },
  ),
};

/** TRAP kept: made by the service's own start only; the baseline SQL does not know them. */
export const AUTO_ONLY = {
  crm_conversations: table(lists('crm-conversations/conversations.json', 'conversations'), [
    'conversation_id uuid!',
    'tenant_id text!',
    'lead_id uuid',
    'channel text!',
    'status text!',
    META,
    ...STAMPS,
  ]),
  crm_messages: table(lists('crm-conversations/conversations.json', 'messages'), [
    'message_id uuid!',
    'tenant_id text!',
    'conversation_id uuid!>crm_conversations.conversation_id',
    'direction text!',
    'body text!',
    META,
    'created_at time!',
  ]),
};
export const ALL_TABLES = { ...TABLES, ...AUTO_ONLY };

/** Domains that stay on files under either backend: a split state after every cutover. */
export const STAYS_ON_FILES = {
  tenant_runtime_config: 'tenant-runtime-config/configs.json',
  owner_short_memory: 'owner-short-memory/sessions.json',
  owner_episodes: 'owner-episodes/episodes.json',
};

export const quoteIdent = (name) => `"${String(name).replaceAll('"', '""')}"`;

function defaultText({ kind, fallback }) {
  if (fallback === null) return '';
  return kind === 'json' ? ` DEFAULT '${fallback}'` : ` DEFAULT ${fallback}`;
}

function tableStatements(name, spec, at) {
  const lines = spec.columns.map((c) => {
    const parent = c.parent ? ` REFERENCES ${at}.${quoteIdent(c.parent[0])} (${quoteIdent(c.parent[1])})` : '';
    const unique = spec.unique === c.name ? ' UNIQUE' : '';
    return `${quoteIdent(c.name)} ${TYPES[c.kind]}${c.required ? ' NOT NULL' : ''}${unique}${defaultText(c)}${parent}`;
  });
  lines.push(`PRIMARY KEY (${quoteIdent(spec.columns[0].name)})`);
  const indexes = Object.entries(spec.indexes).map(([suffix, on]) => {
    const isUnique = on.startsWith('UNIQUE ');
    return `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${quoteIdent(`${name}_${suffix}`)} ON ${at}.${quoteIdent(name)} ${on.replace('UNIQUE ', '')}`;
  });
  return [`CREATE TABLE IF NOT EXISTS ${at}.${quoteIdent(name)} (\n  ${lines.join(',\n  ')})`, ...indexes];
}

/** Statements for a set of tables in one schema. */
export const tablesIn = (tables, schema) =>
  Object.entries(tables).flatMap(([name, spec]) => tableStatements(name, spec, quoteIdent(schema)));

/** The contract file: what the service itself expects, for one schema named later. */
export function contractText() {
  const schema = '$' + '{schema}';
  const statements = [`CREATE SCHEMA IF NOT EXISTS "${schema}"`, ...tablesIn(ALL_TABLES, schema)];
  return `-- The 22 tables of fabio's baseline SQL, and the two that only the service's own start makes.\n-- Statements are parted by an empty line; \${schema} stands inside quotes only.\n\n${statements.join('\n\n')}\n`;
}
