import { randomUUID, timingSafeEqual } from 'node:crypto';
import { ApiError, toApiError } from './errors.mjs';
import { matchRoute } from './routes.mjs';

const API_VERSION = 'v1';
const MAINTENANCE = '/admin/maintenance';
const BODY_LIMIT_BYTES = 1024 * 1024;

const sameText = (a, b) => {
  const [left, right] = [Buffer.from(a ?? ''), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

async function readBody(req) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw new ApiError(413, 'body_too_large', 'the body is larger than 1 MiB');
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  let body;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ApiError(400, 'invalid_json', 'the body is not valid JSON');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new ApiError(400, 'invalid_json', 'the body must be a JSON object');
  return body;
}

/** Either secret opens the door; without any there is none, as in the real server. */
function authorize(req, { bearerToken, apiKey }) {
  if (!bearerToken && !apiKey) return;
  const bearer = /^Bearer (.*)$/.exec(req.headers.authorization ?? '')?.[1];
  if (bearerToken && bearer && sameText(bearer, bearerToken)) return;
  if (apiKey && sameText(req.headers['x-api-key'], apiKey)) return;
  throw new ApiError(401, 'unauthorized', 'a bearer token or an API key is required');
}

async function handleMaintenance(req, { config, maintenance }) {
  if (config.adminToken && !sameText(req.headers['x-oris-admin-token'], config.adminToken))
    throw new ApiError(401, 'unauthorized', 'X-Oris-Admin-Token is missing or wrong');
  if (req.method === 'PUT') {
    const { bypass = null } = await readBody(req);
    if (bypass !== null && typeof bypass !== 'string')
      throw new ApiError(400, 'invalid_argument', 'bypass must be text');
    maintenance.hold(bypass);
  } else if (req.method === 'DELETE') maintenance.release();
  else if (req.method !== 'GET') throw new ApiError(405, 'method_not_allowed', 'Method not allowed');
  return { ok: true, ...maintenance.state() };
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

async function handleRequest(req, url, app, entry) {
  if (url.pathname === MAINTENANCE || url.pathname === '/healthz') {
    entry.path = url.pathname;
    return url.pathname === MAINTENANCE ? handleMaintenance(req, app) : readHealth(app);
  }
  const { route, template, id } = matchRoute(req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  authorize(req, app.config);
  if (!route)
    throw new ApiError(
      template ? 405 : 404,
      template ? 'method_not_allowed' : 'not_found',
      template ? 'Method not allowed' : 'Not found',
    );
  const call = { id, query: url.searchParams, now: app.now() };
  if (!route.write) return envelope(entry.request_id, await app.store.read((session) => route.handle(session, call)));
  const body = await readBody(req);
  const work = () => app.store.write((session) => route.handle(session, { ...call, body }));
  return envelope(entry.request_id, await app.maintenance.write(req.headers['x-oris-maintenance-bypass'], work));
}

/** The whole life of a request: hold, work, answer, log line. */
export function createHandler(app) {
  return async (req, res) => {
    const startedAt = performance.now();
    const entry = { method: req.method, path: 'unmatched', request_id: randomUUID() };
    let status = 200;
    let headers = {};
    let body;
    try {
      body = await handleRequest(req, new URL(req.url, 'http://oris'), app, entry);
    } catch (thrown) {
      const error = toApiError(thrown);
      status = error.status === 500 && entry.path === '/healthz' ? 503 : error.status;
      headers = error.headers;
      if (error.status === 500) entry.error = String(thrown?.message).slice(0, 300);
      body = {
        meta: { status: 'error', api_version: API_VERSION },
        request_id: entry.request_id,
        error: { code: error.code, message: error.message },
      };
    }
    const text = JSON.stringify(body);
    res.writeHead(status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'X-Oris-Request-ID': entry.request_id,
      ...headers,
    });
    res.end(text);
    app.log.write({
      ...entry,
      status,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      backend: app.store.name,
      ...(body.error ? { detail: body.error.message } : {}),
      ...(headers['Retry-After'] ? { held: true } : {}),
    });
  };
}
