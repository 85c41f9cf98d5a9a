import { cookies, headers } from 'next/headers';
import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies';
import { authPath, consoleUrl, getAuth } from './auth';

/** Puts a request to the auth library as the browser at hand would, through its own handler: called directly it counts no
 *  tries. @param path below the library's path, e.g. `/sign-out` */
export async function askAuth(path: string, body: unknown): Promise<Response> {
  const url = consoleUrl();
  const from = await headers();
  return getAuth().handler(
    new Request(new URL(`${authPath}${path}`, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: url.origin,
        cookie: from.get('cookie') ?? '',
        'x-forwarded-for': from.get('x-forwarded-for') ?? '127.0.0.1',
        'user-agent': (from.get('user-agent') ?? '').slice(0, 300),
      },
      body: JSON.stringify(body),
    }),
  );
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
