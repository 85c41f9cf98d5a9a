/**
 * What a careful preflight must catch before a move: each row with the finding it must raise. The service itself made or
 * tolerated every one of them: SQLite has no types for JSON, times or booleans, and foreign keys were off once.
 */
export const DIRT = [
  {
    file: 'workflows',
    table: 'workflow_runs',
    column: 'payload',
    finding: 'json-holds-nul',
    value: '{"inputs":{"text":"pasted\\u0000and cut"}}',
  },
  {
    file: 'workflows',
    table: 'workflow_runs',
    column: 'created_at',
    finding: 'time-without-offset',
    value: '2025-05-01T08:00:00.123456',
  },
  {
    file: 'workflows',
    table: 'execution_history',
    column: 'started_at',
    finding: 'not-a-time',
    value: 'yesterday at noon',
  },
  { file: 'workflows', table: 'workflow_versions', column: 'payload', finding: 'blank-json', value: ' ' },
  {
    file: 'workflows',
    table: 'agentensor_checkpoints',
    column: 'metrics',
    finding: 'not-json',
    value: '{"loss": NaN}',
  },
  { file: 'workflows', table: 'agentensor_checkpoints', column: 'is_best', finding: 'not-a-boolean', value: 2 },
  {
    file: 'chatkit',
    table: 'chat_messages',
    column: 'thread_id',
    finding: 'orphan',
    value: '00000000-0000-4000-8000-000000000000',
  },
  { file: 'chatkit', table: 'chat_threads', column: 'title', finding: 'text-holds-nul', value: 'title\u0000tail' },
  { file: 'service_tokens', table: 'service_tokens', column: 'rotated_to', finding: 'orphan', value: 'token-gone' },
];

/** Puts each dirty value into one row of its own (the n-th by rowid), in the file that is open. */
export function insertDirt(db, file) {
  for (const [n, { table, column, value }] of DIRT.filter((d) => d.file === file).entries()) {
    const changed = db
      .prepare(
        `UPDATE "${table}" SET "${column}" = ? WHERE rowid = (SELECT rowid FROM "${table}" ORDER BY rowid LIMIT 1 OFFSET ?)`,
      )
      .run(value, n);
    if (changed.changes !== 1) throw new Error(`${table} has no row for its dirty ${column}.`);
  }
}
