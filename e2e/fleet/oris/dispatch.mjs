import { createHash, randomUUID } from 'node:crypto';
import { ApiError } from '../parts/errors.mjs';

const TERMINAL = ['completed', 'failed', 'cancelled'];

const requireText = (body, name) => {
  if (typeof body[name] === 'string' && body[name] !== '') return body[name];
  throw new ApiError(400, 'invalid_argument', `${name} is required`);
};
const only = (rows, what) => {
  if (rows[0]) return rows[0];
  throw new ApiError(404, 'not_found', `${what} was not found`);
};

/** Queues one attempt. The same idempotency key names the same attempt, so a retry never doubles it. */
export async function runJob(session, body, now) {
  const thread = requireText(body, 'thread_id');
  const key = body.idempotency_key;
  const attempt = `att_${key ? createHash('sha256').update(`${thread}\n${key}`).digest('hex').slice(0, 24) : randomUUID()}`;
  const isSqlite = session.dialect === 'sqlite';
  const extra = isSqlite ? [Number.isInteger(body.priority) ? body.priority : 0, body.tenant_id ?? null] : [];
  const made = await session.run(
    `INSERT INTO runtime_attempts (attempt_id, run_id, attempt_no, status${isSqlite ? ', priority, tenant_id' : ''})
     VALUES (?, ?, 1, 'queued'${isSqlite ? ', ?, ?' : ''}) ON CONFLICT (attempt_id) DO NOTHING`,
    [attempt, thread, ...extra],
  );
  // PostgreSQL has no table of jobs: whatever the job carried besides its attempt is gone there.
  if (isSqlite)
    await session.run(
      `INSERT INTO runtime_jobs VALUES (?, 'running', ?, ?) ON CONFLICT (thread_id) DO UPDATE SET updated_at_ms = excluded.updated_at_ms`,
      [thread, now, now],
    );
  return { thread_id: thread, attempt_id: attempt, status: 'queued', idempotent_replay: made === 0 };
}

/** Attempts whose lease ran out go back to the queue. */
async function reclaim(session, now) {
  const expired = await session.all('SELECT attempt_id FROM runtime_leases WHERE lease_expires_at_ms < ?', [now]);
  for (const { attempt_id } of expired) {
    await session.run('DELETE FROM runtime_leases WHERE attempt_id = ?', [attempt_id]);
    await session.run("UPDATE runtime_attempts SET status = 'queued' WHERE attempt_id = ? AND status = 'leased'", [
      attempt_id,
    ]);
  }
}

/** Hands attempts that are ready to a worker, each with a lease of its own. */
export async function poll(session, body, now) {
  const worker = requireText(body, 'worker_id');
  const limit = Math.min(Math.max(Number(body.limit ?? 1) || 1, 1), 100);
  const ttl = Math.min(Math.max(Number(body.lease_ttl_seconds ?? 30) || 30, 1), 3_600) * 1000;
  await reclaim(session, now);
  const isSqlite = session.dialect === 'sqlite';
  const ready = await session.all(
    `SELECT a.attempt_id, a.run_id, a.attempt_no FROM runtime_attempts a
     WHERE (a.status = 'queued' OR (a.status = 'retry_backoff' AND a.retry_at_ms <= ?))
       AND NOT EXISTS (SELECT 1 FROM runtime_leases l WHERE l.attempt_id = a.attempt_id)
     ORDER BY ${isSqlite ? 'a.priority DESC, ' : ''}a.attempt_no, a.attempt_id LIMIT ?${isSqlite ? '' : ' FOR UPDATE SKIP LOCKED'}`,
    [now, limit],
  );
  const leases = [];
  for (const attempt of ready) {
    const lease = `lea_${randomUUID()}`;
    await session.run('INSERT INTO runtime_leases VALUES (?, ?, ?, ?, ?, 1)', [
      lease,
      attempt.attempt_id,
      worker,
      now + ttl,
      now,
    ]);
    await session.run("UPDATE runtime_attempts SET status = 'leased', retry_at_ms = NULL WHERE attempt_id = ?", [
      attempt.attempt_id,
    ]);
    leases.push({ ...attempt, lease_id: lease, lease_expires_at_ms: now + ttl });
  }
  return { decision: leases.length > 0 ? 'dispatched' : 'noop', leases };
}

/** Keeps a lease alive; `version` counts how often. */
export async function heartbeat(session, worker, body, now) {
  const lease = requireText(body, 'lease_id');
  const ttl = Math.min(Math.max(Number(body.lease_ttl_seconds ?? 30) || 30, 1), 3_600) * 1000;
  const kept = await session.run(
    'UPDATE runtime_leases SET lease_expires_at_ms = ?, heartbeat_at_ms = ?, version = version + 1 WHERE lease_id = ? AND worker_id = ?',
    [now + ttl, now, lease, worker],
  );
  if (kept === 0) throw new ApiError(409, 'lease_lost', 'the lease is not held by this worker');
  return { lease_id: lease, lease_expires_at_ms: now + ttl };
}

async function noteDeadLetter(session, attempt, reason, now) {
  await session.run(
    "INSERT INTO runtime_dead_letters VALUES (?, ?, ?, 'failed', ?, ?, 'pending', 0, NULL) ON CONFLICT (attempt_id) DO NOTHING",
    [attempt.attempt_id, attempt.run_id, attempt.attempt_no, reason ?? null, now],
  );
}

/** Ends an attempt, or puts it off when it failed and its policy has retries left. */
export async function acknowledge(session, body, now) {
  const id = requireText(body, 'attempt_id');
  if (!TERMINAL.includes(body.terminal_status))
    throw new ApiError(400, 'invalid_argument', `terminal_status must be one of ${TERMINAL.join(', ')}`);
  const attempt = only(await session.all('SELECT * FROM runtime_attempts WHERE attempt_id = ?', [id]), `attempt ${id}`);
  if (TERMINAL.includes(attempt.status)) return { attempt_id: id, status: attempt.status };
  await session.run('DELETE FROM runtime_leases WHERE attempt_id = ?', [id]);
  const policy = body.retry_policy;
  if (body.terminal_status === 'failed' && policy && attempt.attempt_no <= Number(policy.max_retries ?? 0)) {
    const backoff = Math.max(1, Number(policy.backoff_ms ?? 1_000));
    await session.run(
      "UPDATE runtime_attempts SET status = 'retry_backoff', attempt_no = attempt_no + 1, retry_at_ms = ? WHERE attempt_id = ?",
      [now + backoff, id],
    );
    if (session.dialect === 'sqlite')
      await session.run(
        'INSERT INTO runtime_attempt_retry_history (attempt_id, attempt_no, strategy, backoff_ms, max_retries, scheduled_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
        [id, attempt.attempt_no + 1, policy.strategy ?? 'fixed', backoff, Number(policy.max_retries), now + backoff],
      );
    return { attempt_id: id, status: 'retry_backoff', next_retry_at_ms: now + backoff };
  }
  await session.run('UPDATE runtime_attempts SET status = ? WHERE attempt_id = ?', [body.terminal_status, id]);
  if (session.dialect === 'sqlite' && body.terminal_status === 'failed')
    await noteDeadLetter(session, attempt, body.reason, now);
  return { attempt_id: id, status: body.terminal_status };
}

/** Every attempt of a thread. */
export async function readJob(session, thread) {
  const attempts = await session.all(
    'SELECT attempt_id, attempt_no, status, retry_at_ms FROM runtime_attempts WHERE run_id = ? ORDER BY attempt_id',
    [thread],
  );
  only(attempts, `job ${thread}`);
  return { thread_id: thread, attempts };
}

export async function cancelJob(session, thread) {
  await readJob(session, thread);
  await session.run(
    'DELETE FROM runtime_leases WHERE attempt_id IN (SELECT attempt_id FROM runtime_attempts WHERE run_id = ?)',
    [thread],
  );
  await session.run(
    "UPDATE runtime_attempts SET status = 'cancelled' WHERE run_id = ? AND status NOT IN ('completed', 'failed')",
    [thread],
  );
  return readJob(session, thread);
}
