import { acknowledge, cancelJob, heartbeat, poll, readJob, runJob } from './dispatch.mjs';
import { ApiError } from '../parts/errors.mjs';

async function jobs(session, { query }) {
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 50) || 50, 1), 500);
  const rows = await session.all(
    'SELECT run_id AS thread_id, attempt_id, attempt_no, status FROM runtime_attempts ORDER BY attempt_id LIMIT ?',
    [limit],
  );
  return { jobs: rows };
}

/** Only SQLite has these tables; on PostgreSQL the same request finds nothing to ask. */
const sqliteOnly =
  (sql) =>
  async (session, { id }) => {
    if (session.dialect !== 'sqlite')
      throw new ApiError(501, 'not_supported', 'this backend does not keep these records');
    return { items: await session.all(sql, sql.includes('?') ? [id] : []) };
  };

async function metrics(session) {
  const rows = await session.all('SELECT status, COUNT(*) AS n FROM runtime_attempts GROUP BY status ORDER BY status');
  const ready = await session.all(
    "SELECT COUNT(*) AS n FROM runtime_attempts a WHERE a.status = 'queued' AND NOT EXISTS (SELECT 1 FROM runtime_leases l WHERE l.attempt_id = a.attempt_id)",
  );
  const leases = await session.all('SELECT COUNT(*) AS n FROM runtime_leases');
  return {
    attempts: Object.fromEntries(rows.map(({ status, n }) => [status, Number(n)])),
    queued_ready: Number(ready[0].n),
    owned_leases: Number(leases[0].n),
  };
}

/** Method, template and handler; `write` routes are held in maintenance and run in one transaction. */
export const ROUTES = [
  { method: 'POST', path: '/v1/jobs/run', write: true, handle: (s, { body, now }) => runJob(s, body, now) },
  { method: 'POST', path: '/v1/jobs', write: true, handle: (s, { body, now }) => runJob(s, body, now) },
  { method: 'GET', path: '/v1/jobs', handle: jobs },
  { method: 'GET', path: '/v1/jobs/{id}', handle: (s, { id }) => readJob(s, id) },
  { method: 'GET', path: '/v1/jobs/{id}/detail', handle: (s, { id }) => readJob(s, id) },
  { method: 'POST', path: '/v1/jobs/{id}/cancel', write: true, handle: (s, { id }) => cancelJob(s, id) },
  { method: 'POST', path: '/v1/workers/poll', write: true, handle: (s, { body, now }) => poll(s, body, now) },
  {
    method: 'POST',
    path: '/v1/workers/{id}/heartbeat',
    write: true,
    handle: (s, { id, body, now }) => heartbeat(s, id, body, now),
  },
  {
    method: 'POST',
    path: '/v1/workers/{id}/extend-lease',
    write: true,
    handle: (s, { id, body, now }) => heartbeat(s, id, body, now),
  },
  {
    method: 'POST',
    path: '/v1/workers/{id}/ack',
    write: true,
    handle: (s, { body, now }) => acknowledge(s, body, now),
  },
  {
    method: 'GET',
    path: '/v1/attempts/{id}/retries',
    handle: sqliteOnly('SELECT * FROM runtime_attempt_retry_history WHERE attempt_id = ? ORDER BY retry_id'),
  },
  {
    method: 'GET',
    path: '/v1/dlq',
    handle: sqliteOnly('SELECT * FROM runtime_dead_letters ORDER BY dead_at_ms DESC LIMIT 200'),
  },
  {
    method: 'GET',
    path: '/v1/interrupts',
    handle: sqliteOnly('SELECT * FROM runtime_interrupts ORDER BY created_at_ms DESC LIMIT 200'),
  },
  {
    method: 'GET',
    path: '/v1/audit/logs',
    handle: sqliteOnly('SELECT * FROM runtime_audit_logs ORDER BY audit_id DESC LIMIT 200'),
  },
  { method: 'GET', path: '/metrics', handle: metrics },
];
