import { HttpError } from '../parts/errors.mjs';

/** By id or by handle. @throws HttpError 404 */
export async function findWorkflow(store, ref) {
  const row = await store.one('SELECT * FROM workflows WHERE id = ? OR handle = ?', [ref, ref]);
  if (!row) throw new HttpError(404, 'Workflow not found');
  return row;
}

/** A text of the body, not empty. @throws HttpError 422 */
export function readText(body, name, { required = false } = {}) {
  const value = body[name];
  if (value === undefined && !required) return undefined;
  if (typeof value !== 'string' || value === '') throw new HttpError(422, `${name} must be text`);
  return value;
}
