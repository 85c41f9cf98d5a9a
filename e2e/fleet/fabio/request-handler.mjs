import { randomUUID, timingSafeEqual } from 'node:crypto';
import { HttpError } from '../sx_db/errors.mjs';
import { matchRoute } from './routes.mjs';

const MAINTENANCE = '/admin/maintenance';
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

async function readBody(req) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw new HttpError(413, 'body_too_large');
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  let body;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpError(400, 'invalid_json');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw new HttpError(400, 'validation_error');
  return body;
}

const sameText = (a, b) => {
  const [left, right] = [Buffer.from(a ?? ''), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

async function handleMaintenance({ req, config, maintenance }) {
  if (config.adminToken && !sameText(req.headers['x-fabio-admin-token'], config.adminToken))
    throw new HttpError(401, 'X-Fabio-Admin-Token is missing or wrong');
  if (req.method === 'PUT') {
    const { bypass = null } = await readBody(req);
    if (bypass !== null && typeof bypass !== 'string') throw new HttpError(400, 'validation_error');
    maintenance.hold(bypass);
  } else if (req.method === 'DELETE') maintenance.release();
  else if (req.method !== 'GET') throw new HttpError(405, 'method_not_allowed');
  return { ok: true, ...maintenance.state() };
}

async function handleApi({ req, url, store, files, maintenance, entry }) {
  const { route, template, params } = matchRoute(req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  if (!route) throw new HttpError(template ? 405 : 404, template ? 'method_not_allowed' : 'not_found');
  const isWrite = req.method !== 'GET';
  const body = isWrite ? await readBody(req) : {};
  const work = () => route.handle({ store, files, params, body, query: url.searchParams });
  return isWrite ? maintenance.write(req.headers['x-fabio-maintenance-bypass'], work) : work();
}

/** A fence (files made read-only, or a trigger that raises) is no failure of the store; everything else unforeseen is. */
function toAnswer(thrown, entry) {
  if (thrown instanceof HttpError)
    return { status: thrown.status, headers: thrown.headers, body: thrown.body ?? { error: thrown.message } };
  if (['EACCES', 'EPERM', 'EROFS', 'P0001'].includes(thrown?.code))
    return { status: 503, headers: { 'Retry-After': '1' }, body: { error: 'writes are fenced' } };
  entry.error = [thrown?.code, thrown?.message].filter(Boolean).join(' ').slice(0, 300);
  return { status: entry.path === '/health' ? 503 : 500, headers: {}, body: { error: 'storage_error' } };
}

/** The whole life of a request: route, hold, work, answer, log line. */
export function createHandler({ config, store, files, maintenance, log }) {
  return async (req, res) => {
    const startedAt = performance.now();
    const entry = { method: req.method, path: 'unmatched', request_id: randomUUID() };
    let answer;
    try {
      const url = new URL(req.url, 'http://fabio');
      if (url.pathname === MAINTENANCE) entry.path = MAINTENANCE;
      const call = { req, url, config, store, files, maintenance, entry };
      answer = {
        status: 200,
        headers: {},
        body: await (url.pathname === MAINTENANCE ? handleMaintenance(call) : handleApi(call)),
      };
    } catch (thrown) {
      answer = toAnswer(thrown, entry);
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
      backend: store.backend,
      ...(answer.status >= 400 ? { detail: answer.body.error } : {}),
      ...(answer.headers['Retry-After'] ? { held: true } : {}),
      ...(entry.error ? { error: entry.error } : {}),
    });
  };
}
