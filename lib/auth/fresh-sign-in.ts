import { eq } from 'drizzle-orm';
import { headers } from 'next/headers';
import { session } from '@/db/schema';
import { CutoverError } from '@/lib/errors';
import type { SessionContext } from './actor';
import { getAuth } from './auth';
import { countTry, forgetTries } from './limit-tries';

/** After this long a dangerous act asks for the password again. */
const freshSignInMs = 15 * 60_000;

export const passwordNeeded = (ctx: SessionContext, now: number): boolean =>
  now - ctx.session.createdAt.getTime() > freshSignInMs;

/** Lets a dangerous act pass: the last sign-in is recent, or the password given now is right (which counts as a sign-in).
 *  @throws CutoverError password_needed | sign_in_wrong | too_many_tries */
export async function requireFreshSignIn(ctx: SessionContext, password: string | undefined): Promise<void> {
  if (!passwordNeeded(ctx, Date.now())) return;
  if (!password) {
    throw new CutoverError({
      code: 'password_needed',
      message: 'Your last sign-in is more than 15 minutes old.',
      advice: 'Type your password to go on.',
      retry: 'now',
    });
  }
  await countTry(ctx.db, ctx.actor.email);
  const right = await getAuth()
    .api.verifyPassword({ body: { password }, headers: await headers() })
    .then(() => true, isWrong);
  if (!right) {
    throw new CutoverError({
      code: 'sign_in_wrong',
      message: 'The password is wrong.',
      advice: 'Type it again; nothing was changed.',
      retry: 'now',
    });
  }
  await forgetTries(ctx.db, ctx.actor.email);
  await ctx.db.update(session).set({ createdAt: new Date() }).where(eq(session.id, ctx.session.id));
}

function isWrong(thrown: unknown): false {
  if (thrown instanceof Error && 'statusCode' in thrown && Number(thrown.statusCode) < 500) return false;
  throw thrown;
}
