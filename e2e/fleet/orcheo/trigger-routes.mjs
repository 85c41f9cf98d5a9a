import { createHash, randomUUID } from 'node:crypto';
import { HttpError } from '../parts/errors.mjs';
import { findWorkflow, readText } from './find-workflow.mjs';
import { nowTime, readJson, readTime } from './values.mjs';

async function showCron({ stores, params }) {
  const workflow = await findWorkflow(stores.repository, params.id);
  const row = await stores.repository.one('SELECT * FROM cron_triggers WHERE workflow_id = ?', [workflow.id]);
  if (!row) throw new HttpError(404, 'Cron trigger not found');
  return {
    workflow_id: row.workflow_id,
    config: readJson(row.config),
    last_dispatched_at: readTime(row.last_dispatched_at),
  };
}

async function putCron(call) {
  const workflow = await findWorkflow(call.stores.repository, call.params.id);
  const config = JSON.stringify({
    expression: readText(call.body, 'expression', { required: true }),
    timezone: call.body.timezone ?? 'UTC',
  });
  await call.stores.repository.run(
    'INSERT INTO cron_triggers (workflow_id, config) VALUES (?, ?) ON CONFLICT (workflow_id) DO UPDATE SET config = excluded.config',
    [workflow.id, config],
  );
  return showCron(call);
}

/** TRAP kept: a trigger without last_dispatched_at (an import loses the column) is due again and fires twice. */
async function dispatchCron({ stores, body }) {
  const now = readText(body, 'now') ?? nowTime();
  const hourAgo = new Date(Date.parse(now) - 3_600_000).toISOString().replace('Z', '000+00:00');
  const due = await stores.repository.all(
    'SELECT c.workflow_id FROM cron_triggers c JOIN workflows w ON w.id = c.workflow_id WHERE w.is_archived = ? AND (c.last_dispatched_at IS NULL OR c.last_dispatched_at < ?) ORDER BY c.workflow_id',
    [false, hourAgo],
  );
  for (const { workflow_id } of due)
    await stores.repository.run('UPDATE cron_triggers SET last_dispatched_at = ? WHERE workflow_id = ?', [
      now,
      workflow_id,
    ]);
  return { dispatched: due.map((row) => row.workflow_id) };
}

async function listTokens({ stores }) {
  const rows = await stores.service_tokens.all('SELECT * FROM service_tokens ORDER BY identifier');
  return {
    tokens: rows.map((row) => ({
      identifier: row.identifier,
      scopes: readJson(row.scopes),
      created_at: readTime(row.created_at),
      revoked_at: readTime(row.revoked_at),
      rotated_to: row.rotated_to,
    })),
  };
}

/** The secret is shown once and kept as a hash only; the act is an audit row with a number of its own. */
async function createToken({ stores, body }) {
  const [identifier, secret, now] = [readText(body, 'identifier', { required: true }), randomUUID(), nowTime()];
  await stores.service_tokens.transaction(async (tx) => {
    await tx.run(
      'INSERT INTO service_tokens (identifier, secret_hash, scopes, created_at, issued_at) VALUES (?, ?, ?, ?, ?)',
      [identifier, createHash('sha256').update(secret).digest('hex'), JSON.stringify(body.scopes ?? []), now, now],
    );
    await tx.run('INSERT INTO service_token_audit_log (token_id, action, "timestamp") VALUES (?, \'created\', ?)', [
      identifier,
      now,
    ]);
  });
  return { identifier, secret };
}

async function listListeners({ stores }) {
  const rows = await stores.repository.all(
    'SELECT s.*, c.position FROM listener_subscriptions s LEFT JOIN listener_cursors c ON c.subscription_id = s.id ORDER BY s.id',
  );
  return {
    listeners: rows.map((row) => ({
      id: row.id,
      workflow_id: row.workflow_id,
      platform: row.platform,
      status: row.status,
      position: row.position,
    })),
  };
}

/** What the repository switch governs besides workflows: triggers, listeners, service tokens. */
export const TRIGGER_ROUTES = [
  ['GET', '/api/workflows/:id/triggers/cron', showCron],
  ['PUT', '/api/workflows/:id/triggers/cron', putCron],
  ['POST', '/api/triggers/cron/dispatch', dispatchCron],
  ['GET', '/api/listeners', listListeners],
  ['GET', '/api/admin/service-tokens', listTokens],
  ['POST', '/api/admin/service-tokens', createToken, { status: 201 }],
];
