import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies';
import { cookies, headers } from 'next/headers';
import { getDb } from '@/db/client';
import { CutoverError } from '@/lib/errors';
import { authPath, consoleUrl, getAuth } from './auth';
import { countTry, forgetTries, tooManyTries } from './limit-tries';

/** One of our own paths, else the start page: an answer must never lead to another site. */
export function localPath(next: string | undefined): string {
  if (!next || !/^\/(?![/\\])/.test(next) || next.includes('\\')) return '/';
  const url = new URL(next, 'http://here.invalid');
  return url.host === 'here.invalid' ? url.pathname + url.search : '/';
}

/** Signs in and gives the browser its cookie.
 *  Through the library's request handler: called directly it counts no tries.
 *  @throws CutoverError sign_in_wrong | too_many_tries | person_deactivated */
export async function signIn({ email, password }: { email: string; password: string }): Promise<void> {
  await countTry(getDb(), email);
  const url = consoleUrl();
  const from = await headers();
  const answer = await getAuth().handler(
    new Request(new URL(`${authPath}/sign-in/email`, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: url.origin,
        'x-forwarded-for': from.get('x-forwarded-for') ?? '127.0.0.1',
        'user-agent': (from.get('user-agent') ?? '').slice(0, 300),
      },
      body: JSON.stringify({ email: email.trim(), password }),
    }),
  );
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

/** Hands the library's cookies to the browser. */
export async function passCookies(from: Headers): Promise<void> {
  const jar = await cookies();
  for (const header of from.getSetCookie()) {
    for (const [name, { value, ...attributes }] of parseSetCookieHeader(header)) {
      jar.set(name, decodeURIComponent(value), toCookieOptions({ value, ...attributes }));
    }
  }
}
