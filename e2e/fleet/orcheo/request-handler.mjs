import { HttpError, toHttpError } from '../parts/errors.mjs';
import { matchRoute } from '../parts/match-route.mjs';
import { createRequestListener, errorText, readObject } from '../parts/request.mjs';
import { CHAT_ROUTES } from './chat-routes.mjs';
import { REPOSITORY_ROUTES } from './repository-routes.mjs';
import { TRIGGER_ROUTES } from './trigger-routes.mjs';

const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

const ROUTES = [
  ['GET', '/api/system/health', showHealth],
  ['GET', '/api/system/stats', showStats],
  ...REPOSITORY_ROUTES,
  ...TRIGGER_ROUTES,
  ...CHAT_ROUTES,
].map(([method, path, handle, more]) => ({ method, path, handle, status: more?.status ?? 200 }));
const REFUSALS = {
  clientGone: [499, 'the client went away'],
  tooLarge: [413, 'the body is larger than 4 MiB'],
  notJson: [400, 'the body is not valid JSON'],
  notObject: [422, 'the body must be a JSON object'],
  token: [401, 'X-Orcheo-Admin-Token is missing or wrong'],
  bypass: [422, 'bypass must be text'],
  method: [405, 'Method not allowed'],
  notFound: [404, 'Not found'],
};
const refuse = (kind) => new HttpError(...REFUSALS[kind]);

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

async function handleApi({ req, url, entry }, { config, surfaces, maintenance }) {
  const { route, params, template } = matchRoute(ROUTES, req.method, url.pathname);
  entry.path = template ?? 'unmatched';
  if (!route) throw refuse(template ? 'method' : 'notFound');
  const isWrite = req.method !== 'GET';
  const body = isWrite ? await readObject(req, BODY_LIMIT_BYTES, refuse) : {};
  const decoded = Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decodeURIComponent(text)]));
  const query = url.searchParams;
  const work = () => route.handle({ params: decoded, body, query, config, surfaces, stores: surfaces.stores });
  const answer = isWrite ? await maintenance.write(req.headers['x-orcheo-maintenance-bypass'], work) : await work();
  return { status: route.status, body: answer };
}

function failure(thrown, entry) {
  const isTwice = thrown?.code === '23505' || thrown?.code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
  const error = isTwice ? new HttpError(409, 'it exists already') : toHttpError(thrown);
  if (error.status === 500) entry.error = errorText(thrown);
  const isDown = error.status === 500 && entry.path === '/api/system/health';
  return {
    status: isDown ? 503 : error.status,
    headers: error.headers,
    body: { detail: isDown ? 'database is unavailable' : error.message },
    detail: error.message,
  };
}

export function createHandler({ config, surfaces, maintenance, log }) {
  return createRequestListener({
    log,
    requestIdHeader: 'X-Request-ID',
    maintenance: { maintenance, adminToken: config.adminToken, tokenHeader: 'x-orcheo-admin-token', refuse },
    work: (call) => handleApi(call, { config, surfaces, maintenance }),
    failure,
    logged: () => ({ backends: config.backends }),
  });
}
