import { HttpError } from '../parts/errors.mjs';
import { matchRoute } from '../parts/match-route.mjs';
import { createRequestListener, errorText, readObject } from '../parts/request.mjs';
import { ROUTES } from './routes.mjs';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const REFUSALS = {
  clientGone: [499, 'client_gone'],
  tooLarge: [413, 'body_too_large'],
  notJson: [400, 'invalid_json'],
  notObject: [400, 'validation_error'],
  token: [401, 'X-Fabio-Admin-Token is missing or wrong'],
  bypass: [400, 'validation_error'],
  method: [405, 'method_not_allowed'],
  notFound: [404, 'not_found'],
};
const refuse = (kind) => new HttpError(...REFUSALS[kind]);

async function handleApi({ req, url, entry }, { store, files, maintenance }) {
  const { route, template, params } = matchRoute(ROUTES, req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  if (!route) throw refuse(template ? 'method' : 'notFound');
  const isWrite = req.method !== 'GET';
  const body = isWrite ? await readObject(req, BODY_LIMIT_BYTES, refuse) : {};
  const decoded = params.id === undefined ? {} : { id: decodeURIComponent(params.id) };
  const work = () => route.handle({ store, files, params: decoded, body, query: url.searchParams });
  return { body: await (isWrite ? maintenance.write(req.headers['x-fabio-maintenance-bypass'], work) : work()) };
}

/** A fence (files made read-only, or a trigger that raises) is no failure of the store; everything else unforeseen is. */
function failure(thrown, entry) {
  if (thrown instanceof HttpError) {
    const body = thrown.body ?? { error: thrown.message };
    return { status: thrown.status, headers: thrown.headers, body, detail: body.error };
  }
  if (['EACCES', 'EPERM', 'EROFS', 'P0001'].includes(thrown?.code)) {
    const error = 'writes are fenced';
    return { status: 503, headers: { 'Retry-After': '1' }, body: { error }, detail: error };
  }
  entry.error = errorText(thrown);
  const error = 'storage_error';
  return { status: entry.path === '/health' ? 503 : 500, headers: {}, body: { error }, detail: error };
}

export function createHandler({ config, store, files, maintenance, log }) {
  return createRequestListener({
    log,
    requestIdHeader: 'X-Request-ID',
    maintenance: { maintenance, adminToken: config.adminToken, tokenHeader: 'x-fabio-admin-token', refuse },
    work: (call) => handleApi(call, { store, files, maintenance }),
    failure,
    logged: () => ({ backend: store.backend }),
  });
}
