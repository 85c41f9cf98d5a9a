import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { getDb } from '@/db/client';
import { CutoverError } from '@/lib/errors';
import { routes } from '@/lib/shared/routes';
import { parseRoles, type SessionContext } from './actor';
import { pageHeader } from '@/lib/shared/page-header.mjs';
import { getAuth } from './auth';
import { localPath } from './sign-in';

/** The session these headers prove, read from the database every time; null when there is none. */
export async function sessionOf(request: Headers): Promise<SessionContext | null> {
  const found = await getAuth().api.getSession({ headers: request }).catch(controlAway);
  if (!found || found.user.banned) return null;
  const { user, session } = found;
  return {
    actor: { id: user.id, name: user.name, email: user.email, roles: parseRoles(user.role) },
    session: { id: session.id, createdAt: new Date(session.createdAt) },
    db: getDb(),
  };
}

/** The library hides why it could not look a session up; it asks nothing but the control plane. */
function controlAway(thrown: unknown): never {
  const body = thrown instanceof Error && 'body' in thrown ? (thrown.body as { code?: string } | null) : null;
  if (body?.code !== 'FAILED_TO_GET_SESSION') throw thrown;
  throw new CutoverError(
    {
      code: 'control_unreachable',
      message: 'The control plane database does not answer, so nobody can be recognised.',
      advice: 'Nothing was changed. Wait for it to return, or use the command line with --break-glass.',
      retry: 'later',
    },
    { cause: thrown },
  );
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

/** For pages and their layout: without a session the answer is the sign-in page, which leads back here. */
export async function requirePageSession(): Promise<SessionContext> {
  try {
    return await requireSession();
  } catch (thrown) {
    if (!(thrown instanceof CutoverError) || thrown.code !== 'not_signed_in') throw thrown;
    redirect(routes.signIn(pageOf((await headers()).get(pageHeader))));
  }
}

/** The page asked for, without what Next adds when it asks for its data alone; null for the start page. */
function pageOf(address: string | null): string | null {
  const url = new URL(localPath(address ?? undefined), 'http://here.invalid');
  url.searchParams.delete('_rsc');
  const page = url.pathname + url.search;
  return page === '/' ? null : page;
}
