import { matchRoute } from '../parts/match-route.mjs';
import { createRequestListener, errorText } from '../parts/request.mjs';
import { toApiError } from './errors.mjs';
import { readBody, refuse } from './read-body.mjs';
import { ADMIN_ROUTES } from './routes-admin.mjs';
import { AUTH_ROUTES, requireRole } from './routes-auth.mjs';
import { CONTENT_ROUTES } from './routes-content.mjs';
import { readCookies, readSession } from './session.mjs';

const ROUTES = [...AUTH_ROUTES, ...CONTENT_ROUTES, ...ADMIN_ROUTES];

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

async function handleRequest({ req, url, entry }, app) {
  const { route, template, params } = matchRoute(ROUTES, req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  if (!route) throw refuse(template ? 'method' : 'notFound');
  if (!route.early) await app.openStore();
  const { config, store, backend, maintenance, auditLog, now } = app;
  const cookies = readCookies(req.headers.cookie);
  const session = readSession(config.secret, cookies, now());
  const user = session ? (store.users.get(session.userId) ?? null) : null;
  const audit = (record) => auditLog.append(record);
  if (route.role) requireRole(user, route.role, audit);
  const call = {
    config,
    store,
    backend,
    now,
    cookies,
    session,
    user,
    id: params.id ?? null,
    query: url.searchParams,
    audit,
  };
  if (!route.write) return route.handle(call);
  const body = await readBody(req);
  return maintenance.write(req.headers['x-humanonly-maintenance-bypass'], () =>
    route.handle({ ...call, body, persist: (changes) => persist({ store, backend }, changes) }),
  );
}

function failure(thrown, entry) {
  const error = toApiError(thrown);
  if (error.status === 500) entry.error = errorText(thrown);
  return {
    status: error.status,
    headers: error.headers,
    body: { error: error.message, code: error.code },
    detail: error.message,
  };
}

export function createHandler(app) {
  const { config, maintenance } = app;
  return createRequestListener({
    log: app.log,
    requestIdHeader: 'X-HumanOnly-Request-ID',
    maintenance: { maintenance, adminToken: config.adminToken, tokenHeader: 'x-humanonly-admin-token', refuse },
    work: (call) => handleRequest(call, app),
    failure,
    logged: () => ({ backend: app.backend.name }),
  });
}
