import { randomUUID, timingSafeEqual } from 'node:crypto';
import { ApiError, toApiError } from './errors.mjs';
import { readBody } from './read-body.mjs';
import { ADMIN_ROUTES } from './routes-admin.mjs';
import { AUTH_ROUTES, requireRole } from './routes-auth.mjs';
import { CONTENT_ROUTES } from './routes-content.mjs';
import { readCookies, readSession } from './session.mjs';

const MAINTENANCE = '/admin/maintenance';
const ROUTES = [...AUTH_ROUTES, ...CONTENT_ROUTES, ...ADMIN_ROUTES];

function matchRoute(method, pathname) {
  const parts = pathname.split('/');
  let template = null;
  for (const route of ROUTES) {
    const shape = route.path.split('/');
    if (shape.length !== parts.length || !shape.every((s, i) => (s === '{id}' ? parts[i] !== '' : s === parts[i])))
      continue;
    template = route.path;
    if (route.method === method) return { route, template, id: parts[shape.indexOf('{id}')] ?? null };
  }
  return { route: null, template, id: null };
}

const sameText = (a, b) => {
  const [left, right] = [Buffer.from(a ?? ''), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

async function handleMaintenance(req, { config, maintenance }) {
  if (config.adminToken && !sameText(req.headers['x-humanonly-admin-token'], config.adminToken))
    throw new ApiError(401, 'UNAUTHENTICATED', 'X-HumanOnly-Admin-Token is missing or wrong');
  if (req.method === 'PUT') {
    const { bypass = null } = await readBody(req);
    if (bypass !== null && typeof bypass !== 'string') throw new ApiError(400, 'INVALID_INPUT', 'bypass must be text');
    maintenance.hold(bypass);
  } else if (req.method === 'DELETE') maintenance.release();
  else if (req.method !== 'GET') throw new ApiError(405, 'METHOD_NOT_ALLOWED', 'Method not allowed');
  return { body: { ok: true, ...maintenance.state() } };
}

/** Sets rows in memory and in the backend; what the backend refuses is taken back from memory. */
async function persist({ store, backend }, changes) {
  const undo = changes.map(({ table, row }) => store.put(table, row));
  try {
    await backend.flush(changes);
  } catch (error) {
    for (const takeBack of undo.reverse()) takeBack();
    throw error;
  }
}

async function handleRequest(req, url, app, entry) {
  const { route, template, id } = matchRoute(req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  if (!route)
    throw template
      ? new ApiError(405, 'METHOD_NOT_ALLOWED', 'Method not allowed')
      : new ApiError(404, 'NOT_FOUND', 'Not found');
  if (!route.early) await app.openStore();
  const { config, store, backend, maintenance, auditLog, now } = app;
  const cookies = readCookies(req.headers.cookie);
  const session = readSession(config.secret, cookies, now());
  const user = session ? (store.users.get(session.userId) ?? null) : null;
  const audit = (record) => auditLog.append(record);
  if (route.role) requireRole(user, route.role, audit);
  const call = { config, store, backend, now, cookies, session, user, id, query: url.searchParams, audit };
  if (!route.write) return route.handle(call);
  const body = await readBody(req);
  return maintenance.write(req.headers['x-humanonly-maintenance-bypass'], () =>
    route.handle({ ...call, body, persist: (changes) => persist({ store, backend }, changes) }),
  );
}

function failure(thrown, entry) {
  const error = toApiError(thrown);
  if (error.status === 500) entry.error = [thrown?.code, thrown?.message].filter(Boolean).join(' ').slice(0, 300);
  return {
    status: error.status,
    headers: error.headers,
    body: { error: error.message, code: error.code },
    detail: error.message,
  };
}

function send(res, { status = 200, headers = {}, body }, requestId) {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'X-HumanOnly-Request-ID': requestId,
    ...headers,
  });
  res.end(text);
}

/** The whole life of a request: hold, session, work, answer, log line. */
export function createHandler(app) {
  return async (req, res) => {
    const startedAt = performance.now();
    const entry = { method: req.method, path: 'unmatched', request_id: randomUUID() };
    let answer;
    try {
      const url = new URL(req.url, 'http://humanonly');
      if (url.pathname === MAINTENANCE) entry.path = MAINTENANCE;
      answer = await (url.pathname === MAINTENANCE ? handleMaintenance(req, app) : handleRequest(req, url, app, entry));
    } catch (thrown) {
      answer = failure(thrown, entry);
    }
    send(res, answer, entry.request_id);
    app.log.write({
      method: entry.method,
      path: entry.path,
      status: answer.status ?? 200,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      request_id: entry.request_id,
      backend: app.backend.name,
      ...(answer.detail ? { detail: answer.detail } : {}),
      ...(answer.headers?.['Retry-After'] ? { held: true } : {}),
      ...(entry.error ? { error: entry.error } : {}),
    });
  };
}
