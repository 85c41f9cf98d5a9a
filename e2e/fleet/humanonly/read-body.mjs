import { ApiError } from '../parts/errors.mjs';
import { parseObject, readText } from '../parts/request.mjs';

const BODY_LIMIT_BYTES = 1024 * 1024;
const REFUSALS = {
  clientGone: [499, 'CLIENT_GONE', 'the client went away'],
  tooLarge: [413, 'BODY_TOO_LARGE', 'the body is larger than 1 MiB'],
  notJson: [400, 'INVALID_JSON', 'the body is not valid JSON'],
  notObject: [400, 'INVALID_JSON', 'the body must be a JSON object'],
  token: [401, 'UNAUTHENTICATED', 'X-HumanOnly-Admin-Token is missing or wrong'],
  bypass: [400, 'INVALID_INPUT', 'bypass must be text'],
  method: [405, 'METHOD_NOT_ALLOWED', 'Method not allowed'],
  notFound: [404, 'NOT_FOUND', 'Not found'],
};

export const refuse = (kind) => new ApiError(...REFUSALS[kind]);

/** A form or a JSON object, by the type of the request. @throws ApiError 400 */
export async function readBody(req) {
  const text = await readText(req, BODY_LIMIT_BYTES, refuse);
  if ((req.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  return parseObject(text, refuse);
}
