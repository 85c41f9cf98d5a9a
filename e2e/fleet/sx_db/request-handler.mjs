import { HttpError, toHttpError } from '../parts/errors.mjs';
import { matchRoute } from '../parts/match-route.mjs';
import { createRequestListener, errorText, readObject } from '../parts/request.mjs';
import { resolveSource } from './resolve-source.mjs';
import { ROUTES } from './routes.mjs';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const REFUSALS = {
  clientGone: [499, 'the client went away'],
  tooLarge: [413, 'the body is larger than 4 MiB'],
  notJson: [400, 'the body is not valid JSON'],
  notObject: [422, 'the body must be a JSON object'],
  token: [401, 'X-SX-Admin-Token is missing or wrong'],
  bypass: [422, 'bypass must be text'],
  method: [405, 'Method not allowed'],
  notFound: [404, 'Not found'],
};
const refuse = (kind) => new HttpError(...REFUSALS[kind]);

function decodeId(text) {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, 'the item id is not a valid URL part');
  }
}

async function handleSourceRequest({ req, url, entry }, { config, backend, maintenance }) {
  const { route, template, params } = matchRoute(ROUTES, req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  const sourceId = resolveSource(config, req.headers, url.searchParams);
  entry.source_id = sourceId;
  if (!route) throw refuse(template ? 'method' : 'notFound');
  const id = decodeId(params.id);
  const bypass = req.headers['x-sx-maintenance-bypass'];
  const body = route.write ? await readObject(req, BODY_LIMIT_BYTES, refuse) : {};
  const work = () =>
    backend.withSource(sourceId, bypass, (session) => {
      entry.answered_for = sourceId;
      return route.handle({ session, id, body, query: url.searchParams, config, backend });
    });
  return { body: await (route.write ? maintenance.write(bypass, work) : work()) };
}

/** A header value may hold only Latin-1; other ids travel in percent code. */
const headerValue = (text) => (/^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text));

function failure(thrown, entry) {
  const error = toHttpError(thrown);
  const isHealthDown = error.status === 500 && entry.path === '/health';
  if (error.status === 500) entry.error = errorText(thrown);
  return {
    status: isHealthDown ? 503 : error.status,
    headers: error.headers,
    body: { ok: false, detail: isHealthDown ? 'database is unavailable' : error.message, request_id: entry.request_id },
    detail: error.message,
  };
}

export function createHandler({ config, backend, maintenance, log }) {
  return createRequestListener({
    log,
    requestIdHeader: 'X-SX-Request-ID',
    maintenance: { maintenance, adminToken: config.adminToken, tokenHeader: 'x-sx-admin-token', refuse },
    work: (call) => handleSourceRequest(call, { config, backend, maintenance }),
    failure,
    headersOf: (entry) => ({
      'X-SX-Backend': backend.name,
      ...(entry.answered_for ? { 'X-SX-Source-ID': headerValue(entry.answered_for) } : {}),
    }),
    logged: (entry) => ({ source_id: entry.source_id ?? null, backend: backend.name }),
  });
}
