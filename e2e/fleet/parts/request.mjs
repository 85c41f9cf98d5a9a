import { randomUUID, timingSafeEqual } from 'node:crypto';

const MAINTENANCE = '/admin/maintenance';

/**
 * @param {number} limitBytes
 * @param {(kind: string) => Error} refuse kinds: tooLarge, clientGone
 */
export async function readText(req, limitBytes, refuse) {
  const chunks = [];
  let bytes = 0;
  let isTooLarge = false;
  try {
    for await (const chunk of req) {
      bytes += chunk.length;
      isTooLarge = bytes > limitBytes;
      if (isTooLarge) break;
      chunks.push(chunk);
    }
  } catch {
    throw refuse('clientGone');
  }
  if (isTooLarge) throw refuse('tooLarge');
  return Buffer.concat(chunks).toString('utf8');
}

/** A JSON object; nothing at all is an empty one. Kinds of refusal: tooLarge, clientGone, notJson, notObject. */
export function parseObject(text, refuse) {
  if (text === '') return {};
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw refuse('notJson');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw refuse('notObject');
  return body;
}

export const readObject = async (req, limitBytes, refuse) =>
  parseObject(await readText(req, limitBytes, refuse), refuse);

export const sameText = (a, b) => {
  const [left, right] = [Buffer.from(a ?? ''), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** GET tells the state, PUT holds writes, DELETE lets them go. Kinds of refusal: token, bypass, method and those of the body. */
async function answerMaintenance(req, { maintenance, adminToken, tokenHeader, refuse }) {
  if (adminToken && !sameText(req.headers[tokenHeader], adminToken)) throw refuse('token');
  if (req.method === 'PUT') {
    const { bypass = null } = await readObject(req, 64 * 1024, refuse);
    if (bypass !== null && typeof bypass !== 'string') throw refuse('bypass');
    maintenance.hold(bypass);
  } else if (req.method === 'DELETE') maintenance.release();
  else if (req.method !== 'GET') throw refuse('method');
  return { body: { ok: true, ...maintenance.state() } };
}

function send(res, { status, headers }, text) {
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  res.end(text);
}

/**
 * The whole life of a request: work, answer, log line.
 * @param {{log: {write(entry: object): void}, requestIdHeader: string, maintenance: object,
 *   work: (call: {req: any, url: URL, entry: any}) => Promise<{status?: number, headers?: object, body: object}>,
 *   failure: (thrown: any, entry: any) => {status: number, headers: object, body: object, detail?: string},
 *   headersOf?: (entry: any) => object, logged: (entry: any) => object}} service
 *   maintenance: what answerMaintenance takes; `work` sets entry.path to the template of its route; `failure` sets entry.error to
 *   what only the log may know
 */
export function createRequestListener({
  log,
  requestIdHeader,
  maintenance,
  work,
  failure,
  headersOf = () => ({}),
  logged,
}) {
  return async (req, res) => {
    const startedAt = performance.now();
    const entry = { method: req.method, path: 'unmatched', request_id: randomUUID() };
    let answer;
    try {
      const url = new URL(req.url, 'http://service');
      if (url.pathname === MAINTENANCE) entry.path = MAINTENANCE;
      answer = await (entry.path === MAINTENANCE ? answerMaintenance(req, maintenance) : work({ req, url, entry }));
    } catch (thrown) {
      answer = failure(thrown, entry);
    }
    const { status = 200, headers = {}, body, detail } = answer;
    const text = JSON.stringify(body);
    send(res, { status, headers: { [requestIdHeader]: entry.request_id, ...headersOf(entry), ...headers } }, text);
    log.write({
      method: entry.method,
      path: entry.path,
      status,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      request_id: entry.request_id,
      ...logged(entry),
      ...(detail ? { detail } : {}),
      ...(headers['Retry-After'] ? { held: true } : {}),
      ...(entry.error ? { error: entry.error } : {}),
    });
  };
}

/** What the log keeps of a failure nobody foresaw. */
export const errorText = (thrown) => [thrown?.code, thrown?.message].filter(Boolean).join(' ').slice(0, 300);
