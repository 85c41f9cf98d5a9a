import { setTimeout as sleep } from 'node:timers/promises';

const cookieOf = (answer) =>
  answer.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');

/**
 * Onboards one person as a browser does. @returns the session cookie
 * @param {{url: string, handle: string, displayName: string, headers?: Record<string, string>, signal?: AbortSignal,
 *   wait?: (ms: number, value?: undefined, options?: {signal?: AbortSignal}) => Promise<unknown>}} person
 * @throws when the service refuses, with the address it leads to
 */
export async function signIn({ url, handle, displayName, headers = {}, wait = sleep, signal = undefined }) {
  const challenge = (await (await fetch(`${url}/api/onboarding/challenge`, { headers, signal })).json()).data;
  const csrf = await fetch(`${url}/api/auth/csrf`, { headers, signal });
  const { csrfToken } = await csrf.json();
  // A person needs a moment to type; the service refuses whoever is faster.
  await wait(Math.max(0, Date.parse(challenge.minSolveAt) - Date.parse(challenge.issuedAt)) + 50, undefined, {
    signal,
  });
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    redirect: 'manual',
    signal,
    headers: { ...headers, Cookie: cookieOf(csrf) },
    body: new URLSearchParams({
      csrfToken,
      handle,
      displayName,
      humanAttestation: 'yes',
      governanceCommitment: 'yes',
      challengeToken: challenge.token,
      challengeResponse: challenge.challengeText,
    }),
  });
  const cookie = cookieOf(answer);
  if (answer.status !== 302 || !cookie)
    throw Object.assign(new Error(`sign-in refused: ${answer.status} ${answer.headers.get('location') ?? ''}`), {
      status: answer.status,
    });
  return cookie;
}
