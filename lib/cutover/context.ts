import type { Db } from '@/db/client';
import { CutoverError } from '@/lib/errors';
import type { Role } from '@/lib/shared/statuses';

/** Who asks, as the session proved it, and where it is written. */
export type VerbContext = { actor: { id: string; name: string; roles: Role[] }; db: Db };
export type Verb<I, R> = (call: { ctx: VerbContext; input: I }) => Promise<R>;

/** The first of the allowed roles that the actor has: it goes into the audit entry. @throws CutoverError role_missing */
export function requireRole(ctx: VerbContext, allowed: readonly Role[], act: string): Role {
  const role = allowed.find((candidate) => ctx.actor.roles.includes(candidate));
  if (role) return role;
  throw new CutoverError({
    code: 'role_missing',
    message: `To ${act} takes the role ${allowed.join(' or ')}; ${ctx.actor.name} has ${ctx.actor.roles.join(', ') || 'none'}.`,
    advice: 'Ask a person with that role, or an admin for the role.',
    facts: { allowed: [...allowed] },
  });
}
