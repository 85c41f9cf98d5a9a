import { eq } from 'drizzle-orm';
import { session, user } from '@/db/schema';
import { appendAudit } from '@/lib/audit/append';
import type { Role } from '@/lib/shared/statuses';
import { parseRoles, type SessionContext } from './actor';
import { changePerson, requireAnotherAdmin } from './change-people';

/** An admin changes what a person may do. Their sessions end, so that no page goes on with the old roles.
 *  @throws CutoverError role_missing | person_unknown | last_admin */
export async function setRoles({
  ctx,
  input,
}: {
  ctx: SessionContext;
  input: { personId: string; roles: Role[] };
}): Promise<void> {
  await changePerson(ctx, input.personId, 'change roles', async (found) => {
    const { tx, person } = found;
    if (!input.roles.includes('admin')) requireAnotherAdmin(found);
    await tx
      .update(user)
      .set({ role: input.roles.join(','), updatedAt: new Date() })
      .where(eq(user.id, person.id));
    await tx.delete(session).where(eq(session.userId, person.id));
    await appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'admin',
      act: 'roles changed',
      summary: `${person.name} is now ${input.roles.join(', ')}.`,
      what: { person: person.id, before: parseRoles(person.role), after: input.roles },
    });
  });
}
