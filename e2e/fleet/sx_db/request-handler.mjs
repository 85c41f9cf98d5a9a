import { randomUUID, timingSafeEqual } from 'node:crypto';
import { HttpError, toHttpError } from './errors.mjs';
import { resolveSource } from './resolve-source.mjs';
import { matchRoute } from './routes.mjs';

const MAINTENANCE = '/admin/maintenance';
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

async function readBody(req) {
  const chunks = [];
  let bytes = 0;
  try {
    for await (const chunk of req) {
      bytes += chunk.length;
      if (bytes > BODY_LIMIT_BYTES) throw new HttpError(413, 'the body is larger than 4 MiB');
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof HttpError ? error : new HttpError(499, 'the client went away');
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
  if (config.adminToken && !sameText(req.headers['x-sx-admin-token'], config.adminToken)) {
    throw new HttpError(401, 'X-SX-Admin-Token is missing or wrong');
  }
  if (req.method === 'PUT') {
    const { bypass = null } = await readBody(req);
    if (bypass !== null && typeof bypass !== 'string') throw new HttpError(422, 'bypass must be text');
    maintenance.hold(bypass);
  } else if (req.method === 'DELETE') {
    maintenance.release();
  } else if (req.method !== 'GET') {
    throw new HttpError(405, 'Method not allowed');
  }
  return { ok: true, ...maintenance.state() };
}

async function handleSourceRequest(call) {
  const { req, url, config, backend, maintenance, entry } = call;
  const { route, template, id } = matchRoute(req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  const sourceId = resolveSource(config, req.headers, url.searchParams);
  entry.source_id = sourceId;
  if (!route) throw new HttpError(template ? 405 : 404, template ? 'Method not allowed' : 'Not found');
  const bypass = req.headers['x-sx-maintenance-bypass'];
  const body = route.write ? await readBody(req) : {};
  const work = () =>
    backend.withSource(sourceId, bypass, (session) => {
      entry.answered_for = sourceId;
      return route.handle({ session, id, body, query: url.searchParams, config, backend });
    });
  return route.write ? maintenance.write(bypass, work) : work();
}

/** Anything that escapes as JSON: integers of SQLite and PostgreSQL are plain numbers here, as in the real service. */
function send(res, status, headers, body) {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  res.end(text);
}

/** A header value may hold only Latin-1; other ids travel in percent code. */
const headerValue = (text) => (/^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text));

function failure(thrown, entry) {
  const error = toHttpError(thrown);
  const isHealthDown = error.status === 500 && entry.path === '/health';
  if (error.status === 500) entry.error = [thrown?.code, thrown?.message].filter(Boolean).join(' ').slice(0, 300);
  return {
    status: isHealthDown ? 503 : error.status,
    headers: error.headers,
    body: { ok: false, detail: isHealthDown ? 'database is unavailable' : error.message, request_id: entry.request_id },
    detail: error.message,
  };
}

/** The whole life of a request: source, hold, work, answer, log line. */
export function createHandler({ config, backend, maintenance, log }) {
  return async (req, res) => {
    const startedAt = performance.now();
    const entry = { method: req.method, path: 'unmatched', request_id: randomUUID(), source_id: null };
    let answer;
    try {
      const url = new URL(req.url, 'http://sx');
      const call = { req, url, config, backend, maintenance, entry };
      if (url.pathname === MAINTENANCE) entry.path = MAINTENANCE;
      const body = await (url.pathname === MAINTENANCE ? handleMaintenance(call) : handleSourceRequest(call));
      answer = { status: 200, headers: {}, body };
    } catch (thrown) {
      answer = failure(thrown, entry);
    }
    const headers = {
      'X-SX-Request-ID': entry.request_id,
      'X-SX-Backend': backend.name,
      ...(entry.answered_for ? { 'X-SX-Source-ID': headerValue(entry.answered_for) } : {}),
      ...answer.headers,
    };
    send(res, answer.status, headers, answer.body);
    log.write({
      method: entry.method,
      path: entry.path,
      status: answer.status,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      request_id: entry.request_id,
      source_id: entry.source_id,
      backend: backend.name,
      ...(answer.detail ? { detail: answer.detail } : {}),
      ...(answer.headers['Retry-After'] ? { held: true } : {}),
      ...(entry.error ? { error: entry.error } : {}),
    });
  };
}
