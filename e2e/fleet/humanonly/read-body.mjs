import { ApiError } from './errors.mjs';

const BODY_LIMIT_BYTES = 1024 * 1024;

async function readText(req) {
  const chunks = [];
  let bytes = 0;
  try {
    for await (const chunk of req) {
      bytes += chunk.length;
      if (bytes > BODY_LIMIT_BYTES) throw new ApiError(413, 'BODY_TOO_LARGE', 'the body is larger than 1 MiB');
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(499, 'CLIENT_GONE', 'the client went away');
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A form or a JSON object, by the type of the request. @throws ApiError 400 */
export async function readBody(req) {
  const text = await readText(req);
  if ((req.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  if (text === '') return {};
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'INVALID_JSON', 'the body is not valid JSON');
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new ApiError(400, 'INVALID_JSON', 'the body must be a JSON object');
  return body;
}
