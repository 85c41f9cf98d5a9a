import { makeRecord } from './audit-log.mjs';

/**
 * What a careful preflight must catch before a move; each kind is small and countable, and `finding` says its name.
 * `nul`: PostgreSQL refuses the text. `orphan`: the foreign keys of PostgreSQL refuse the row. `json`: jsonb refuses
 * the text. `assurance`: a person with rights whose identity assurance is not on record.
 */
export const DIRT = [
  { finding: 'nul', table: 'posts', rows: 1 },
  { finding: 'orphan', table: 'reports', rows: 2 },
  { finding: 'orphan', table: 'appeals', rows: 1 },
  { finding: 'json', table: 'users', rows: 2 },
  { finding: 'assurance', table: 'users', rows: 1 },
];

export function insertDirt(db, { users, posts }) {
  const at = '2026-02-28T08:00:00.000Z';
  db.prepare('INSERT INTO posts (id, author_id, body, created_at) VALUES (?, ?, ?, ?)').run(
    'pst_dirty00000000001',
    users[2].id,
    'pasted from\u0000 a terminal',
    at,
  );
  const report = db.prepare("INSERT INTO reports VALUES (?, ?, ?, 'Gone since', 'open', ?)");
  report.run('rpt_dirty00000000001', 'pst_gone', users[2].id, at);
  report.run('rpt_dirty00000000002', posts[0].id, 'usr_gone', at);
  db.prepare(
    "INSERT INTO appeals (id, report_id, appellant_id, reason, status, created_at, updated_at) VALUES (?, ?, ?, 'Again', 'open', ?, ?)",
  ).run('apl_dirty00000000001', 'rpt_gone', users[2].id, at, at);
  const signals = db.prepare('UPDATE users SET assurance_signals_json = ? WHERE id = ?');
  signals.run('["human_attestation",', users[2].id);
  signals.run('', users[3].id);
  db.prepare(
    'UPDATE users SET assurance_level = NULL, assurance_signals_json = NULL, assurance_evaluated_at = NULL WHERE id = ?',
  ).run(users[1].id);
}

/** Two processes once wrote the same log: a record follows the one before the last, so the chain forks. */
export function addForkedRecord(records) {
  const entry = {
    actorId: 'anonymous',
    action: 'feed.requested',
    targetType: 'feed',
    metadata: { limit: 20, returned: 20 },
  };
  const fork = makeRecord(records.at(-2), entry, {
    now: records.at(-1).createdAt,
    recordId: '00000000-0000-4000-8000-000000000001',
  });
  records.push(fork);
}
