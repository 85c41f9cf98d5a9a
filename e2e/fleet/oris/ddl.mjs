/** The tables of the Oris runtime: SQLite is at schema version 9 with eleven tables, PostgreSQL at 2 with three. */

export const SQLITE_VERSION = 9;
export const POSTGRES_VERSION = 2;

/** The same number means another thing on each side: never compare versions across backends. */
export const SQLITE_MIGRATIONS = [
  'baseline_runtime_tables',
  'interrupt_resume_and_api_key_role',
  'attempt_retry_policy_and_history',
  'attempt_execution_timeout_policy',
  'runtime_dead_letter_queue',
  'attempt_priority_dispatch_order',
  'attempt_tenant_rate_limits',
  'attempt_trace_context',
  'replay_effect_guard',
];
export const POSTGRES_MIGRATIONS = ['baseline_runtime_tables', 'runtime_indexes'];

/** Attempts: the first five columns exist in PostgreSQL too; the other fourteen have no target. */
const ATTEMPT_COLUMNS = [
  'attempt_id TEXT PRIMARY KEY',
  'run_id TEXT NOT NULL',
  'attempt_no INTEGER NOT NULL',
  'status TEXT NOT NULL',
  'retry_at_ms INTEGER NULL',
  'retry_strategy TEXT NULL',
  'retry_backoff_ms INTEGER NULL',
  'retry_max_backoff_ms INTEGER NULL',
  'retry_multiplier REAL NULL',
  'retry_max_retries INTEGER NULL',
  'execution_timeout_ms INTEGER NULL',
  'timeout_terminal_status TEXT NULL',
  'started_at_ms INTEGER NULL',
  'priority INTEGER NOT NULL DEFAULT 0',
  'tenant_id TEXT NULL',
  'trace_id TEXT NULL',
  'trace_parent_span_id TEXT NULL',
  'trace_span_id TEXT NULL',
  "trace_flags TEXT NOT NULL DEFAULT '01'",
];

const SQLITE_TABLES = {
  runtime_schema_migrations: ['version INTEGER PRIMARY KEY', 'name TEXT NOT NULL', 'applied_at_ms INTEGER NOT NULL'],
  runtime_attempts: ATTEMPT_COLUMNS,
  runtime_leases: [
    'lease_id TEXT PRIMARY KEY',
    'attempt_id TEXT NOT NULL UNIQUE',
    'worker_id TEXT NOT NULL',
    'lease_expires_at_ms INTEGER NOT NULL',
    'heartbeat_at_ms INTEGER NOT NULL',
    'version INTEGER NOT NULL',
  ],
  runtime_jobs: [
    'thread_id TEXT PRIMARY KEY',
    'status TEXT NOT NULL',
    'created_at_ms INTEGER NOT NULL',
    'updated_at_ms INTEGER NOT NULL',
  ],
  runtime_interrupts: [
    'interrupt_id TEXT PRIMARY KEY',
    'thread_id TEXT NOT NULL',
    'run_id TEXT NOT NULL',
    'attempt_id TEXT NOT NULL',
    'value_json TEXT NOT NULL',
    'status TEXT NOT NULL',
    'created_at_ms INTEGER NOT NULL',
    'resume_payload_hash TEXT NULL',
    'resume_response_json TEXT NULL',
    'resumed_at_ms INTEGER NULL',
  ],
  runtime_step_reports: [
    'report_id INTEGER PRIMARY KEY AUTOINCREMENT',
    'worker_id TEXT NOT NULL',
    'attempt_id TEXT NOT NULL',
    'action_id TEXT NOT NULL',
    'status TEXT NOT NULL',
    'dedupe_token TEXT NOT NULL',
    'created_at_ms INTEGER NOT NULL',
    'UNIQUE(attempt_id, dedupe_token)',
  ],
  runtime_audit_logs: [
    'audit_id INTEGER PRIMARY KEY AUTOINCREMENT',
    'actor_type TEXT NOT NULL',
    'actor_id TEXT NULL',
    'actor_role TEXT NULL',
    'action TEXT NOT NULL',
    'resource_type TEXT NOT NULL',
    'resource_id TEXT NULL',
    'result TEXT NOT NULL',
    'request_id TEXT NOT NULL',
    'details_json TEXT NULL',
    'created_at_ms INTEGER NOT NULL',
  ],
  runtime_api_keys: [
    'key_id TEXT PRIMARY KEY',
    'secret_hash TEXT NOT NULL',
    'status TEXT NOT NULL',
    "role TEXT NOT NULL DEFAULT 'operator'",
    'created_at_ms INTEGER NOT NULL',
    'updated_at_ms INTEGER NOT NULL',
  ],
  runtime_attempt_retry_history: [
    'retry_id INTEGER PRIMARY KEY AUTOINCREMENT',
    'attempt_id TEXT NOT NULL',
    'attempt_no INTEGER NOT NULL',
    'strategy TEXT NOT NULL',
    'backoff_ms INTEGER NOT NULL',
    'max_retries INTEGER NOT NULL',
    'scheduled_at_ms INTEGER NOT NULL',
  ],
  runtime_dead_letters: [
    'attempt_id TEXT PRIMARY KEY',
    'run_id TEXT NOT NULL',
    'attempt_no INTEGER NOT NULL',
    'terminal_status TEXT NOT NULL',
    'reason TEXT NULL',
    'dead_at_ms INTEGER NOT NULL',
    'replay_status TEXT NOT NULL',
    'replay_count INTEGER NOT NULL',
    'last_replayed_at_ms INTEGER NULL',
  ],
  runtime_replay_effects: [
    'fingerprint TEXT PRIMARY KEY',
    'thread_id TEXT NOT NULL',
    'replay_target TEXT NOT NULL',
    'effect_type TEXT NOT NULL',
    'status TEXT NOT NULL',
    'execution_count INTEGER NOT NULL',
    'created_at_ms INTEGER NOT NULL',
    'completed_at_ms INTEGER NULL',
    'response_json TEXT NULL',
  ],
};

const SQLITE_INDEXES = [
  'idx_runtime_attempts_status_retry ON runtime_attempts (status, retry_at_ms)',
  'idx_runtime_attempts_status_priority_retry ON runtime_attempts (status, priority DESC, retry_at_ms)',
  'idx_runtime_attempts_trace_id ON runtime_attempts (trace_id, attempt_id)',
  'idx_runtime_leases_expiry ON runtime_leases (lease_expires_at_ms)',
  'idx_runtime_jobs_status ON runtime_jobs (status)',
  'idx_runtime_interrupts_status ON runtime_interrupts (status)',
  'idx_runtime_dead_letters_status_dead_at ON runtime_dead_letters (replay_status, dead_at_ms DESC)',
];

export const SQLITE_STATEMENTS = [
  ...Object.entries(SQLITE_TABLES).map(([name, lines]) => `CREATE TABLE IF NOT EXISTS ${name} (${lines.join(', ')})`),
  ...SQLITE_INDEXES.map((index) => `CREATE INDEX IF NOT EXISTS ${index}`),
];

/** What PostgreSQL holds, and thus all that a backup and restore can bring back. No foreign keys. */
export const MOVED_TABLES = {
  runtime_schema_migrations: ['version', 'name', 'applied_at_ms'],
  runtime_attempts: ['attempt_id', 'run_id', 'attempt_no', 'status', 'retry_at_ms'],
  runtime_leases: ['lease_id', 'attempt_id', 'worker_id', 'lease_expires_at_ms', 'heartbeat_at_ms', 'version'],
};
export const tablesWithoutTarget = () => Object.keys(SQLITE_TABLES).filter((name) => !(name in MOVED_TABLES));
export const columnsWithoutTarget = () =>
  ATTEMPT_COLUMNS.map((line) => line.split(' ')[0]).filter((name) => !MOVED_TABLES.runtime_attempts.includes(name));

export const quoteIdent = (name) => `"${name.replaceAll('"', '""')}"`;

/** The tables of one schema, made where they are missing. */
export function postgresStatements(schema) {
  const at = quoteIdent(schema);
  return [
    `CREATE SCHEMA IF NOT EXISTS ${at}`,
    `CREATE TABLE IF NOT EXISTS ${at}.runtime_schema_migrations (
      version integer PRIMARY KEY, name text NOT NULL, applied_at_ms bigint NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS ${at}.runtime_attempts (
      attempt_id text PRIMARY KEY, run_id text NOT NULL, attempt_no integer NOT NULL, status text NOT NULL, retry_at_ms bigint)`,
    `CREATE TABLE IF NOT EXISTS ${at}.runtime_leases (
      lease_id text PRIMARY KEY, attempt_id text NOT NULL UNIQUE, worker_id text NOT NULL,
      lease_expires_at_ms bigint NOT NULL, heartbeat_at_ms bigint NOT NULL, version bigint NOT NULL)`,
    `CREATE INDEX IF NOT EXISTS idx_runtime_attempts_status_retry ON ${at}.runtime_attempts (status, retry_at_ms)`,
    `CREATE INDEX IF NOT EXISTS idx_runtime_leases_expiry ON ${at}.runtime_leases (lease_expires_at_ms)`,
  ];
}
