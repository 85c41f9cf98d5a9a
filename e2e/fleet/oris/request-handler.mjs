import { ApiError } from '../parts/errors.mjs';
import { matchRoute } from '../parts/match-route.mjs';
import { createRequestListener, readObject, sameText } from '../parts/request.mjs';
import { toApiError } from './errors.mjs';
import { ROUTES } from './routes.mjs';

const API_VERSION = 'v1';
const BODY_LIMIT_BYTES = 1024 * 1024;
const REFUSALS = {
  clientGone: [499, 'client_gone', 'the client went away'],
  tooLarge: [413, 'body_too_large', 'the body is larger than 1 MiB'],
  notJson: [400, 'invalid_json', 'the body is not valid JSON'],
  notObject: [400, 'invalid_json', 'the body must be a JSON object'],
  token: [401, 'unauthorized', 'X-Oris-Admin-Token is missing or wrong'],
  bypass: [400, 'invalid_argument', 'bypass must be text'],
  method: [405, 'method_not_allowed', 'Method not allowed'],
  notFound: [404, 'not_found', 'Not found'],
};
const refuse = (kind) => new ApiError(...REFUSALS[kind]);

/** Either secret opens the door; without any there is none, as in the real server. */
function authorize(req, { bearerToken, apiKey }) {
  if (!bearerToken && !apiKey) return;
  const bearer = /^Bearer (.*)$/.exec(req.headers.authorization ?? '')?.[1];
  if (bearerToken && bearer && sameText(bearer, bearerToken)) return;
  if (apiKey && sameText(req.headers['x-api-key'], apiKey)) return;
  throw new ApiError(401, 'unauthorized', 'a bearer token or an API key is required');
}

async function readHealth({ config, store }) {
  await store.read((session) => session.all('SELECT 1 AS up'));
  const schema = store.name === 'postgres' ? config.schema : null;
  return { ok: true, status: 'ok', runtime_backend: store.name, schema, schema_version: store.schemaVersion };
}

const envelope = (requestId, data) => ({
  meta: { status: 'ok', api_version: API_VERSION },
  request_id: requestId,
  data,
});

async function handleRequest({ req, url, entry }, app) {
  if (url.pathname === '/healthz') {
    entry.path = url.pathname;
    return { body: await readHealth(app) };
  }
  const { route, template, params } = matchRoute(ROUTES, req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  authorize(req, app.config);
  if (!route) throw refuse(template ? 'method' : 'notFound');
  const call = { id: params.id ?? null, query: url.searchParams, now: app.now() };
  if (!route.write)
    return { body: envelope(entry.request_id, await app.store.read((session) => route.handle(session, call))) };
  const body = await readObject(req, BODY_LIMIT_BYTES, refuse);
  const work = () => app.store.write((session) => route.handle(session, { ...call, body }));
  const bypass = req.headers['x-oris-maintenance-bypass'];
  return { body: envelope(entry.request_id, await app.maintenance.write(bypass, work)) };
}

function failure(thrown, entry) {
  const error = toApiError(thrown);
  if (error.status === 500) entry.error = String(thrown?.message).slice(0, 300);
  return {
    status: error.status === 500 && entry.path === '/healthz' ? 503 : error.status,
    headers: error.headers,
    body: {
      meta: { status: 'error', api_version: API_VERSION },
      request_id: entry.request_id,
      error: { code: error.code, message: error.message },
    },
    detail: error.message,
  };
}

export function createHandler(app) {
  const { config, maintenance } = app;
  return createRequestListener({
    log: app.log,
    requestIdHeader: 'X-Oris-Request-ID',
    maintenance: { maintenance, adminToken: config.adminToken, tokenHeader: 'x-oris-admin-token', refuse },
    work: (call) => handleRequest(call, app),
    failure,
    logged: () => ({ backend: app.store.name }),
  });
}
