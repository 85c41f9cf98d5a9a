import { getDb } from '@/db/client';
import { CutoverError } from '@/lib/errors';
import { askAuth, passCookies } from './ask-auth';
import { countTry, forgetTries, tooManyTries } from './limit-tries';

/** One of our own paths, else the start page: an answer must never lead to another site. */
export function localPath(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])/.test(next) || next.includes('\\')) return '/';
  const url = new URL(next, 'http://here.invalid');
  return url.host === 'here.invalid' ? url.pathname + url.search : '/';
}

/** Signs in and gives the browser its cookie.
 *  @throws CutoverError sign_in_wrong | too_many_tries | person_deactivated */
export async function signIn({ email, password }: { email: string; password: string }): Promise<void> {
  await countTry(getDb(), email);
  const answer = await askAuth('/sign-in/email', { email: email.trim(), password });
  if (answer.status === 429) throw tooManyTries(Number(answer.headers.get('x-retry-after') ?? 60));
  if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`);
  if (answer.status === 403) throw await deactivated(answer);
  if (!answer.ok) {
    throw new CutoverError({
      code: 'sign_in_wrong',
      message: 'E-mail or password is wrong.',
      advice: 'Try again, or ask an admin.',
      retry: 'now',
    });
  }
  await forgetTries(getDb(), email);
  await passCookies(answer.headers);
}

/** The library says so only to who knows the password. */
async function deactivated(answer: Response): Promise<Error> {
  const body = (await answer.json().catch(() => null)) as { code?: string } | null;
  if (body?.code !== 'BANNED_USER') return new Error(`sign-in answered 403 ${body?.code ?? ''}`);
  return new CutoverError({
    code: 'person_deactivated',
    message: 'This account was deactivated.',
    advice: 'Ask an admin to let you in again.',
  });
}
