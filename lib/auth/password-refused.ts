import { CutoverError } from '@/lib/errors';
import { passwordLength } from './auth';

const length = (): CutoverError =>
  new CutoverError({
    code: 'input_invalid',
    message: 'The new password is too short or too long.',
    advice: `Take one of ${passwordLength.min} to ${passwordLength.max} characters; nothing was changed.`,
  });

/** The library's refusal as one of ours; what it did not refuse is a bug and is given back. */
export function passwordRefused(thrown: unknown, known: Record<string, () => CutoverError>): unknown {
  const code =
    thrown instanceof Error && 'body' in thrown ? (thrown.body as { code?: string } | null)?.code : undefined;
  const byCode: Record<string, () => CutoverError> = {
    PASSWORD_TOO_SHORT: length,
    PASSWORD_TOO_LONG: length,
    ...known,
  };
  return byCode[code ?? '']?.() ?? thrown;
}
