import { eq } from 'drizzle-orm';
import { account, user } from '@/db/schema';
import { appendAudit } from '@/lib/audit/append';
import type { SessionContext } from './actor';
import { changePerson, endAccess, removedEmail, requireAnotherAdmin } from './change-people';

type Input = { ctx: SessionContext; input: { personId: string } };

/** Nobody signs in with this account until an admin lets them in again; their sessions end now.
 *  @throws CutoverError role_missing | person_unknown | last_admin */
export async function deactivatePerson({ ctx, input }: Input): Promise<void> {
  await changePerson(ctx, input.personId, 'deactivate a person', async (found) => {
    const { tx, person } = found;
    requireAnotherAdmin(found);
    await tx
      .update(user)
      .set({ banned: true, banReason: 'deactivated', updatedAt: new Date() })
      .where(eq(user.id, person.id));
    await endAccess(tx, person.id);
    await appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'admin',
      act: 'person deactivated',
      summary: `${person.name} may not sign in any more.`,
      what: { person: person.id },
    });
  });
}

/** Lets a deactivated person sign in again, with the roles and the password they had.
 *  @throws CutoverError role_missing | person_unknown */
export async function reactivatePerson({ ctx, input }: Input): Promise<void> {
  await changePerson(ctx, input.personId, 'let a person in again', async ({ tx, person }) => {
    await tx
      .update(user)
      .set({ banned: false, banReason: null, banExpires: null, updatedAt: new Date() })
      .where(eq(user.id, person.id));
    await appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'admin',
      act: 'person let in again',
      summary: `${person.name} may sign in again.`,
      what: { person: person.id },
    });
  });
}

/** Takes roles, password, sessions and address from a person for good. The name stays: history keeps who did what.
 *  @throws CutoverError role_missing | person_unknown | last_admin */
export async function removePerson({ ctx, input }: Input): Promise<void> {
  await changePerson(ctx, input.personId, 'remove a person', async (found) => {
    const { tx, person } = found;
    requireAnotherAdmin(found);
    await tx
      .update(user)
      .set({
        banned: true,
        banReason: 'removed',
        role: '',
        signsAs: [],
        email: removedEmail(person.id),
        updatedAt: new Date(),
      })
      .where(eq(user.id, person.id));
    await tx.delete(account).where(eq(account.userId, person.id));
    await endAccess(tx, person.id);
    await appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'admin',
      act: 'person removed',
      summary: `Removed ${person.name}.`,
      what: { person: person.id, email: person.email },
    });
  });
}
