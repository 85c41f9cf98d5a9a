import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CutoverError } from '@/lib/errors';
import type { ActionResult } from '@/lib/views/action-result';

type Done = { message?: string; href?: string; copy?: string } | void;

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'ECONNRESET',
  '57P01',
  '57P03',
  '08006',
  '08001',
]);

/** pg's own connection failures, also when drizzle wrapped them. */
function isControlPlaneAway(thrown: unknown): boolean {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if ('code' in at && unreachable.has(String(at.code))) return true;
    if (/Connection terminated|timeout exceeded when trying to connect/.test(at.message)) return true;
  }
  return false;
}

/** What a person can act on, as facts; everything else is a bug and stays a throw. */
export function toKnownError(thrown: unknown): CutoverError | null {
  if (thrown instanceof CutoverError) return thrown;
  if (thrown instanceof z.ZodError) {
    return new CutoverError({
      code: 'input_invalid',
      message: sentenceOf(thrown),
      advice: 'Correct the marked fields and press again; nothing was changed.',
      facts: { fields: fieldErrors(thrown) },
    });
  }
  if (isControlPlaneAway(thrown)) {
    return new CutoverError(
      {
        code: 'control_unreachable',
        message: 'The control plane database does not answer.',
        advice:
          'Nothing was changed. Wait for it to return and press again, or use the command line with --break-glass.',
        retry: 'later',
      },
      { cause: thrown },
    );
  }
  return null;
}

/** Our own messages are sentences; the library's name no field. */
function sentenceOf({ issues: [first] }: z.ZodError): string {
  if (!first) return 'The input does not fit.';
  return /^(Invalid|Too|Unrecognized|Expected)/.test(first.message)
    ? `Field ${first.path.join('.') || 'form'} does not fit: ${first.message}.`
    : first.message;
}

function fieldErrors(error: z.ZodError): Record<string, string> {
  const found: Record<string, string> = {};
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? 'form');
    found[field] ??= issue.message;
  }
  return found;
}

/** Runs one act for a form. Known failures become the form's answer; bugs and Next's own throws (redirects) pass through. */
export async function toActionResult(act: () => Promise<Done>): Promise<ActionResult> {
  const nextKey = randomUUID();
  try {
    const done = (await act()) ?? {};
    return { ok: true, ...done, nextKey };
  } catch (thrown) {
    const error = toKnownError(thrown);
    if (!error) throw thrown;
    const { code, message, advice } = error;
    return {
      ok: false,
      error: { code, message, advice },
      ...(thrown instanceof z.ZodError ? { fieldErrors: fieldErrors(thrown) } : {}),
      nextKey,
    };
  }
}

/** Form fields as plain values: a name given twice is a list; Next's own `$ACTION…` fields are left out.
 *  @throws ZodError when a field does not fit; CutoverError input_invalid when it is no form at all */
export function readForm<T extends z.ZodType>(schema: T, form: unknown): z.output<T> {
  if (!(form instanceof FormData)) {
    throw new CutoverError({
      code: 'input_invalid',
      message: 'This request is not a form.',
      advice: 'Use the buttons of the page.',
    });
  }
  const values: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith('$ACTION')) continue;
    const all = form.getAll(name);
    values[name] = all.length > 1 ? all : all[0];
  }
  return schema.parse(values);
}
