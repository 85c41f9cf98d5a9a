import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { getDb } from '@/db/client';
import { CutoverError } from '@/lib/errors';
import { routes } from '@/lib/shared/routes';
import { parseRoles, type SessionContext } from './actor';
import { getAuth } from './auth';

/** The session these headers prove, read from the database every time; null when there is none. */
export async function sessionOf(request: Headers): Promise<SessionContext | null> {
  const found = await getAuth().api.getSession({ headers: request });
  if (!found || found.user.banned) return null;
  const { user, session } = found;
  return {
    actor: { id: user.id, name: user.name, email: user.email, roles: parseRoles(user.role) },
    session: { id: session.id, createdAt: new Date(session.createdAt) },
    db: getDb(),
  };
}

/** @throws CutoverError not_signed_in; role_missing for a person without any role */
export async function requireSession(): Promise<SessionContext> {
  const found = await sessionOf(await headers());
  if (!found) {
    throw new CutoverError({
      code: 'not_signed_in',
      message: 'You are not signed in, or your session has ended.',
      advice: 'Sign in and press again; nothing was changed.',
    });
  }
  if (found.actor.roles.length === 0) {
    throw new CutoverError({
      code: 'role_missing',
      message: 'You have no role in this console.',
      advice: 'Ask an admin for one.',
    });
  }
  return found;
}

/** For pages: without a session the answer is the sign-in page, which leads back to `here`. */
export async function requirePageSession(here?: string): Promise<SessionContext> {
  try {
    return await requireSession();
  } catch (thrown) {
    if (!(thrown instanceof CutoverError) || thrown.code !== 'not_signed_in') throw thrown;
    redirect(here ? `${routes.signIn()}?next=${encodeURIComponent(here)}` : routes.signIn());
  }
}
