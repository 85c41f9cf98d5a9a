import { toKnownError } from '@/lib/auth/to-action-result';
import type { CutoverError, ErrorCode } from '@/lib/errors';

const statusOf: Partial<Record<ErrorCode, number>> = {
  not_signed_in: 401,
  sign_in_wrong: 401,
  password_needed: 401,
  role_missing: 403,
  own_work: 403,
  second_person_needed: 403,
  key_of_another: 403,
  source_forbidden: 403,
  file_forbidden: 403,
  profile_unknown: 404,
  cutover_unknown: 404,
  step_unknown: 404,
  runbook_unknown: 404,
  attempt_unknown: 404,
  view_unknown: 404,
  person_unknown: 404,
  input_invalid: 400,
  fleet_invalid: 503,
  runbook_invalid: 503,
  control_unreachable: 503,
  control_newer: 503,
  too_many_tries: 429,
  setup_done: 410,
  unexpected: 500,
};

/** Whether it says that what was asked for does not exist. */
export const isUnknown = ({ code }: CutoverError): boolean => statusOf[code] === 404;

const noStore = { 'cache-control': 'no-store' } as const;

/** A failure as JSON with its HTTP status; what is no known failure stays a throw. */
export function errorAnswer(thrown: unknown): Response {
  const error = toKnownError(thrown);
  if (!error) throw thrown;
  const { code, message, advice } = error;
  return Response.json({ error: { code, message, advice } }, { status: statusOf[code] ?? 409, headers: noStore });
}

/** Runs one route: its JSON is never cached, its known failures get the uniform shape. */
export async function answerJson(make: () => Promise<unknown>): Promise<Response> {
  try {
    return Response.json(await make(), { headers: noStore });
  } catch (thrown) {
    return errorAnswer(thrown);
  }
}
