import { TABLES } from './tables.mjs';

/** TRAP kept: what the exporter leaves out, without a word. validate compares row counts and cannot see it. */
const COLUMNS_LEFT_OUT = { workflows: ['handle', 'is_archived'], cron_triggers: ['last_dispatched_at'] };

/** TRAP kept: listener_subscriptions, listener_cursors and listener_dedupe are not here; neither is any checkpoint or store. */
const EXPORTED = [
  'workflows',
  'workflow_versions',
  'workflow_runs',
  'webhook_triggers',
  'cron_triggers',
  'retry_policies',
  'execution_history',
  'execution_history_steps',
  'agentensor_checkpoints',
  'chat_threads',
  'chat_messages',
  'chat_attachments',
  'service_tokens',
  'service_token_audit_log',
];

/** The 14 tables that the migration moves, with the columns it knows of. */
export const MIGRATION_TABLES = EXPORTED.map((name) => {
  const { file, key, columns: all } = TABLES[name];
  const columns = all.filter((c) => !COLUMNS_LEFT_OUT[name]?.includes(c.name));
  const named = (kind) => columns.filter((c) => c.kind === kind).map((c) => c.name);
  return {
    name,
    file,
    key,
    columns: columns.map((c) => c.name),
    jsonColumns: named('json'),
    boolColumns: named('bool'),
    postImportSql:
      name === 'service_token_audit_log'
        ? [
            `SELECT setval(pg_get_serial_sequence('${name}', 'id'), coalesce((SELECT max(id) FROM ${name}), 1), (SELECT count(*) > 0 FROM ${name}))`,
          ]
        : [],
  };
});

/** Compact JSON with sorted keys, at every depth. */
export function sortedJson(value) {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((k) => `${JSON.stringify(k)}:${sortedJson(value[k])}`).join(',')}}`;
}
