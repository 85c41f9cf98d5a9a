import { askAuth, passCookies } from './ask-auth';

/** Ends the session on the server, so that its cookie is worth nothing anywhere, and takes the cookie back. */
export async function signOut(): Promise<void> {
  const answer = await askAuth('/sign-out', {});
  if (!answer.ok) throw new Error(`sign-out answered ${answer.status}`);
  await passCookies(answer.headers);
}
