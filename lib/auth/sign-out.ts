import { headers } from 'next/headers';
import { authPath, consoleUrl, getAuth } from './auth';
import { passCookies } from './sign-in';

/** Ends the session on the server, so that its cookie is worth nothing anywhere, and takes the cookie back. */
export async function signOut(): Promise<void> {
  const url = consoleUrl();
  const from = await headers();
  const answer = await getAuth().handler(
    new Request(new URL(`${authPath}/sign-out`, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: url.origin,
        cookie: from.get('cookie') ?? '',
        'x-forwarded-for': from.get('x-forwarded-for') ?? '127.0.0.1',
      },
      body: '{}',
    }),
  );
  if (!answer.ok) throw new Error(`sign-out answered ${answer.status}`);
  await passCookies(answer.headers);
}
