/** Tables of HumanOnly: the fields of the application, and what each backend calls them. */

const same = (names) => names.map((name) => ({ sqlite: name, postgres: name }));
const renamed = (sqlite, postgres) => ({ sqlite, postgres });

/** In the order in which rows must be written for the foreign keys of PostgreSQL. */
export const TABLES = {
  users: [
    ...same(['id', 'handle', 'display_name', 'role', 'governance_accepted_at', 'human_verified_at']),
    renamed('assurance_level', 'identity_assurance_level'),
    renamed('assurance_signals_json', 'identity_assurance_signals'),
    renamed('assurance_evaluated_at', 'identity_assurance_evaluated_at'),
    ...same(['created_at', 'updated_at']),
  ],
  posts: same(['id', 'author_id', 'body', 'created_at']),
  reports: same(['id', 'post_id', 'reporter_id', 'reason', 'status', 'created_at']),
  appeals: same([
    'id',
    'report_id',
    'appellant_id',
    'reason',
    'status',
    'appealed_audit_record_id',
    'created_at',
    'updated_at',
    'decided_at',
    'decided_by_id',
    'decision_rationale',
  ]),
};

export const TABLE_NAMES = Object.keys(TABLES);

/** What points where: SQLite declares none of it, PostgreSQL all. */
export const RELATIONS = [
  { table: 'posts', entity: 'post', column: 'author_id', parent: 'users' },
  { table: 'reports', entity: 'report', column: 'post_id', parent: 'posts' },
  { table: 'reports', entity: 'report', column: 'reporter_id', parent: 'users' },
  { table: 'appeals', entity: 'appeal', column: 'report_id', parent: 'reports' },
  { table: 'appeals', entity: 'appeal', column: 'appellant_id', parent: 'users' },
  { table: 'appeals', entity: 'appeal', column: 'decided_by_id', parent: 'users' },
];

/** No foreign keys here: an orphan is stored without a word, and found by a check only. */
export const SQLITE_STATEMENTS = [
  `CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY NOT NULL, handle TEXT NOT NULL, display_name TEXT NOT NULL, role TEXT NOT NULL,
    governance_accepted_at TEXT NOT NULL, human_verified_at TEXT NOT NULL, assurance_level TEXT,
    assurance_signals_json TEXT, assurance_evaluated_at TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`,
  'CREATE UNIQUE INDEX IF NOT EXISTS idx_users_handle ON users(handle)',
  `CREATE TABLE IF NOT EXISTS posts (
    id TEXT PRIMARY KEY NOT NULL, author_id TEXT NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS idx_posts_author_id ON posts(author_id)',
  'CREATE INDEX IF NOT EXISTS idx_posts_created_at ON posts(created_at)',
  `CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY NOT NULL, post_id TEXT NOT NULL, reporter_id TEXT NOT NULL, reason TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open', created_at TEXT NOT NULL)`,
  'CREATE INDEX IF NOT EXISTS idx_reports_status ON reports(status)',
  'CREATE INDEX IF NOT EXISTS idx_reports_post_id ON reports(post_id)',
  'CREATE INDEX IF NOT EXISTS idx_reports_reporter_id ON reports(reporter_id)',
  `CREATE TABLE IF NOT EXISTS appeals (
    id TEXT PRIMARY KEY NOT NULL, report_id TEXT NOT NULL, appellant_id TEXT NOT NULL, reason TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open', appealed_audit_record_id TEXT, created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL, decided_at TEXT, decided_by_id TEXT, decision_rationale TEXT)`,
  'CREATE INDEX IF NOT EXISTS idx_appeals_status ON appeals(status)',
  'CREATE INDEX IF NOT EXISTS idx_appeals_report_id ON appeals(report_id)',
];

/** Text that is no JSON reads as no signals at all: the metadata is lost without a word, as in the real service. */
function readSignals(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A stored row as the application holds it: the names of SQLite, signals as a list. */
export function fromBackend(table, backend, stored) {
  const row = {};
  for (const column of TABLES[table]) row[column.sqlite] = stored[column[backend]] ?? null;
  if (table !== 'users') return row;
  const { assurance_signals_json: signals, ...user } = row;
  return { ...user, signals: typeof signals === 'string' ? readSignals(signals) : signals };
}

/** The cells of a row in the order of TABLES. Both drivers take the signals as JSON text. */
export function toCells(table, row) {
  return TABLES[table].map(({ sqlite }) => {
    if (sqlite !== 'assurance_signals_json') return row[sqlite] ?? null;
    return row.signals ? JSON.stringify(row.signals) : null;
  });
}

/** One upsert by id; `mark(n)` is the placeholder of the n-th cell, from 1. */
export function upsertSql(table, backend, mark) {
  const names = TABLES[table].map((column) => column[backend]);
  const marks = names.map((_, i) => mark(i + 1));
  const sets = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks.join(', ')}) ON CONFLICT (id) DO UPDATE SET ${sets.join(', ')}`;
}
