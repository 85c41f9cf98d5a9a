import { eq, sql } from 'drizzle-orm';
import { session, user, verification } from '@/db/schema';
import { inTx, type Tx } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import { parseRoles, type SessionContext } from './actor';
import { requireRole } from './require-role';

export type Account = { id: string; name: string; email: string; role: string | null; banned: boolean | null };
export type AccountChange = { tx: Tx; person: Account; others: Account[] };

/** An admin changes one person, one change at a time: two admins must not take the role from each other at once.
 *  @param act infinitive for the refusal: "remove a person". @throws CutoverError role_missing | person_unknown */
export async function changePerson<R>(
  ctx: SessionContext,
  personId: string,
  act: string,
  change: (found: AccountChange) => Promise<R>,
): Promise<R> {
  requireRole(ctx.actor, 'admin', act);
  return inTx(ctx.db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(7205114303)`);
    const { id, name, email, role, banned } = user;
    const people = await tx.select({ id, name, email, role, banned }).from(user);
    const person = people.find((each) => each.id === personId);
    if (!person || isRemoved(person)) {
      throw new CutoverError({
        code: 'person_unknown',
        message: 'There is no such person.',
        advice: 'Reload the page and choose one of the list.',
      });
    }
    return change({ tx, person, others: people.filter((each) => each.id !== personId) });
  });
}

/** @throws CutoverError last_admin when nobody else could add people or confirm overrides any more */
export function requireAnotherAdmin({ person, others }: AccountChange): void {
  const isAdmin = ({ role, banned }: Account): boolean => parseRoles(role).includes('admin') && banned !== true;
  if (!isAdmin(person) || others.some(isAdmin)) return;
  throw new CutoverError({
    code: 'last_admin',
    message: `${person.name} is the last admin.`,
    advice: 'Make another person admin first.',
  });
}

/** Ends every session of a person and every link that would set their password. */
export async function endAccess(tx: Tx, personId: string): Promise<void> {
  await tx.delete(session).where(eq(session.userId, personId));
  await tx.delete(verification).where(eq(verification.value, personId));
}

const removedDomain = '@removed.invalid';
/** The address of a removed person is free again; the row stays, because history names them. */
export const removedEmail = (personId: string): string => `${personId.toLowerCase()}${removedDomain}`;
export const isRemoved = ({ email }: { email: string }): boolean => email.endsWith(removedDomain);
