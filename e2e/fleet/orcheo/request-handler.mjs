import { randomUUID, timingSafeEqual } from 'node:crypto';
import { HttpError, toHttpError } from '../sx_db/errors.mjs';
import { CHAT_ROUTES } from './chat-routes.mjs';
import { REPOSITORY_ROUTES } from './repository-routes.mjs';

const MAINTENANCE = '/admin/maintenance';
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

const ROUTES = [
  ['GET', '/api/system/health', showHealth],
  ['GET', '/api/system/stats', showStats],
  ...REPOSITORY_ROUTES,
  ...CHAT_ROUTES,
].map(([method, template, handle, more]) => ({
  method,
  template,
  parts: template.split('/'),
  handle,
  status: more?.status ?? 200,
}));

/** `status` ok only when every store answers; `backends` tells each surface's own side. */
async function showHealth({ surfaces }) {
  await surfaces.ping();
  return { status: 'ok', service: 'orcheo', backends: surfaces.describe() };
}

async function showStats({ stores }) {
  const count = async (store, table) => (await store.one(`SELECT count(*) AS n FROM ${table}`)).n;
  return {
    counts: {
      workflows: await count(stores.repository, 'workflows'),
      workflow_runs: await count(stores.repository, 'workflow_runs'),
      listener_subscriptions: await count(stores.repository, 'listener_subscriptions'),
      checkpoints: await count(stores.checkpoint, 'checkpoints'),
      chat_threads: await count(stores.chatkit, 'chat_threads'),
      chat_messages: await count(stores.chatkit, 'chat_messages'),
      graph_store: await count(stores.graph_store, 'store'),
      service_tokens: await count(stores.service_tokens, 'service_tokens'),
      credentials: await count(stores.vault, 'credentials'),
    },
  };
}

function matchRoute(method, pathname) {
  const parts = pathname.split('/');
  const candidates = ROUTES.filter(
    (r) => r.parts.length === parts.length && r.parts.every((part, i) => part.startsWith(':') || part === parts[i]),
  );
  const route = candidates.find((r) => r.method === method);
  const params = Object.fromEntries(
    (route?.parts ?? []).flatMap((part, i) =>
      part.startsWith(':') ? [[part.slice(1), decodeURIComponent(parts[i])]] : [],
    ),
  );
  return { route, params, template: (route ?? candidates[0])?.template };
}

async function readBody(req) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw new HttpError(413, 'the body is larger than 4 MiB');
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  let body;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpError(400, 'the body is not valid JSON');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new HttpError(422, 'the body must be a JSON object');
  return body;
}

const sameText = (a, b) => {
  const [left, right] = [Buffer.from(a ?? ''), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

async function handleMaintenance({ req, config, maintenance }) {
  if (config.adminToken && !sameText(req.headers['x-orcheo-admin-token'], config.adminToken))
    throw new HttpError(401, 'X-Orcheo-Admin-Token is missing or wrong');
  if (req.method === 'PUT') {
    const { bypass = null } = await readBody(req);
    if (bypass !== null && typeof bypass !== 'string') throw new HttpError(422, 'bypass must be text');
    maintenance.hold(bypass);
  } else if (req.method === 'DELETE') maintenance.release();
  else if (req.method !== 'GET') throw new HttpError(405, 'Method not allowed');
  return { status: 200, body: { ok: true, ...maintenance.state() } };
}

async function handleApi({ req, url, config, surfaces, maintenance, entry }) {
  const { route, params, template } = matchRoute(req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  if (!route) throw new HttpError(template ? 405 : 404, template ? 'Method not allowed' : 'Not found');
  const isWrite = req.method !== 'GET';
  const body = isWrite ? await readBody(req) : {};
  const work = () => route.handle({ params, body, query: url.searchParams, config, surfaces, stores: surfaces.stores });
  const answer = isWrite ? await maintenance.write(req.headers['x-orcheo-maintenance-bypass'], work) : await work();
  return { status: route.status, body: answer };
}

function failure(thrown, entry) {
  const error =
    thrown?.code === '23505' || thrown?.code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
      ? new HttpError(409, 'it exists already')
      : toHttpError(thrown);
  if (error.status === 500) entry.error = [thrown?.code, thrown?.message].filter(Boolean).join(' ').slice(0, 300);
  const isDown = error.status === 500 && entry.path === '/api/system/health';
  return {
    status: isDown ? 503 : error.status,
    headers: error.headers,
    body: { detail: isDown ? 'database is unavailable' : error.message },
    detail: error.message,
  };
}

/** The whole life of a request: route, hold, work, answer, log line. */
export function createHandler({ config, surfaces, maintenance, log }) {
  return async (req, res) => {
    const startedAt = performance.now();
    const entry = { method: req.method, path: 'unmatched', request_id: randomUUID() };
    let answer;
    try {
      const url = new URL(req.url, 'http://orcheo');
      if (url.pathname === MAINTENANCE) entry.path = MAINTENANCE;
      const call = { req, url, config, surfaces, maintenance, entry };
      answer = { headers: {}, ...(await (url.pathname === MAINTENANCE ? handleMaintenance(call) : handleApi(call))) };
    } catch (thrown) {
      answer = failure(thrown, entry);
    }
    const text = JSON.stringify(answer.body);
    res.writeHead(answer.status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'X-Request-ID': entry.request_id,
      ...answer.headers,
    });
    res.end(text);
    log.write({
      method: entry.method,
      path: entry.path,
      status: answer.status,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      request_id: entry.request_id,
      backends: config.backends,
      ...(answer.detail ? { detail: answer.detail } : {}),
      ...(answer.headers['Retry-After'] ? { held: true } : {}),
      ...(entry.error ? { error: entry.error } : {}),
    });
  };
}
