import { CutoverError } from '@/lib/errors';
import type { Role } from '@/lib/shared/statuses';
import type { Actor } from './actor';

/** @param act infinitive for the sentence: "add a person". @throws CutoverError role_missing */
export function requireRole(actor: Actor, role: Role, act: string): void {
  if (actor.roles.includes(role)) return;
  throw new CutoverError({
    code: 'role_missing',
    message: `To ${act} takes the role ${role}; you are ${actor.roles.join(' and ') || 'without a role'}.`,
    advice: `Ask a person who is ${role}, or an admin to change your roles.`,
    facts: { role },
  });
}
