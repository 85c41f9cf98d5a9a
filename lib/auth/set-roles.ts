import { eq, sql } from 'drizzle-orm';
import { session, user } from '@/db/schema';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { Role } from '@/lib/shared/statuses';
import { parseRoles, type SessionContext } from './actor';
import { requireRole } from './require-role';

/** An admin changes what a person may do. Their sessions end, so that no page goes on with the old roles.
 *  @throws CutoverError role_missing | person_unknown | last_admin */
export async function setRoles({
  ctx,
  input,
}: {
  ctx: SessionContext;
  input: { personId: string; roles: Role[] };
}): Promise<void> {
  requireRole(ctx.actor, 'admin', 'change roles');
  await inTx(ctx.db, async (tx) => {
    // One change at a time: two admins must not take the role from each other at once.
    await tx.execute(sql`select pg_advisory_xact_lock(7205114303)`);
    const people = await tx.select({ id: user.id, name: user.name, role: user.role }).from(user);
    const person = people.find(({ id }) => id === input.personId);
    if (!person) {
      throw new CutoverError({
        code: 'person_unknown',
        message: 'There is no such person.',
        advice: 'Reload the page and choose one of the list.',
      });
    }
    const others = people.filter(({ id, role }) => id !== person.id && parseRoles(role).includes('admin'));
    if (others.length === 0 && !input.roles.includes('admin')) {
      throw new CutoverError({
        code: 'last_admin',
        message: `${person.name} is the last admin.`,
        advice: 'Make another person admin first.',
      });
    }
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
