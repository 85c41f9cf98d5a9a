import { CutoverError } from '@/lib/errors';
import type { Role } from '@/lib/shared/statuses';
import type { VerbContext } from './context';
import type { CutoverRows } from './rows';

/** Every act that takes a role, and the roles it takes: the first of them that the person has goes into the audit entry.
 *  `words` follows "To …". What stops or takes back is open to an admin as well. */
const acts = {
  run: { roles: ['operator'], words: 'run a step' },
  retry: { roles: ['operator'], words: 'run a step' },
  repair: { roles: ['operator'], words: 'run a step' },
  plan: { roles: ['operator', 'admin'], words: 'make a plan' },
  cancel: { roles: ['operator', 'admin'], words: 'cancel an attempt' },
  'choose-rule': { roles: ['operator'], words: 'choose a rule' },
  override: { roles: ['admin'], words: 'override a step' },
  'confirm-override': { roles: ['reviewer', 'admin', 'operator'], words: 'confirm an override' },
  'sign-off': { roles: ['reviewer'], words: 'sign off' },
  tick: { roles: ['operator', 'reviewer'], words: 'tick an item' },
  abandon: { roles: ['operator', 'admin'], words: 'abandon a cutover' },
  rollback: { roles: ['operator', 'admin'], words: 'roll back' },
  'data-rollback': { roles: ['operator', 'admin'], words: 'roll back' },
  'confirm-outside': { roles: ['operator', 'admin'], words: 'confirm an act made outside' },
  'ask-second': { roles: ['operator', 'admin'], words: 'ask for a second person' },
  second: { roles: ['reviewer', 'admin', 'operator'], words: 'stand behind an act' },
  remind: { roles: ['operator', 'admin'], words: 'remind reviewers' },
  look: { roles: ['reviewer', 'admin', 'operator'], words: 'look at a review' },
  note: { roles: ['operator', 'reviewer', 'admin'], words: 'write a note' },
  'plan-cutover': { roles: ['operator'], words: 'plan a cutover' },
  'plan-wave': { roles: ['operator'], words: 'plan a wave' },
  'move-file': { roles: ['operator'], words: 'move a file' },
  'set-t0': { roles: ['operator', 'admin'], words: 'move T-0' },
  adopt: { roles: ['operator', 'admin'], words: 'adopt edited files' },
  'check-machines': { roles: ['operator', 'admin'], words: 'check again' },
  break: { roles: ['operator', 'admin'], words: 'break something of the demo' },
} as const satisfies Record<string, { roles: readonly Role[]; words: string }>;

export type GuardedAct = keyof typeof acts;
type Person = { id: string; roles: readonly Role[] };

const rolesFor = (act: GuardedAct): readonly Role[] => acts[act].roles;

const roleFor = (act: GuardedAct, { roles }: Pick<Person, 'roles'>): Role | null =>
  rolesFor(act).find((role) => roles.includes(role)) ?? null;

/** Whether one of their roles allows the act. */
export const mayAct = (act: GuardedAct, person: Pick<Person, 'roles'>): boolean => roleFor(act, person) !== null;

/** The role in which they act: it goes into the audit entry. @throws CutoverError role_missing */
export function requireRole({ actor }: Pick<VerbContext, 'actor'>, act: GuardedAct): Role {
  const role = roleFor(act, actor);
  if (role) return role;
  const allowed = rolesFor(act);
  throw new CutoverError({
    code: 'role_missing',
    message: `To ${acts[act].words} takes the role ${allowed.join(' or ')}; ${actor.name} has ${actor.roles.join(', ') || 'none'}.`,
    advice: 'Ask a person with that role, or an admin for the role.',
    facts: { allowed: [...allowed] },
  });
}

/** Steps of this cutover that they ran, asked for or took back; a plan changes nothing and does not count. */
export const stepsRunBy = ({ attempts }: CutoverRows, personId: string): string[] => [
  ...new Set(attempts.filter(({ requestedBy }) => requestedBy === personId).map(({ stepId }) => stepId)),
];

/** Why this person may not press this act of this cutover, whoever else may. */
export type PersonRefusal =
  | { why: 'role'; roles: readonly Role[] }
  | { why: 'signed' }
  | { why: 'ran'; steps: string[] };

const operates = new Set<GuardedAct>(['run', 'retry', 'repair']);

/** Role, own signature and own work, for the pages and for the verbs alike; null = they may.
 *  Nobody runs steps of what they signed, and nobody signs what they ran; a rollback stays open to who signed. */
export function refusePerson(rows: CutoverRows, act: GuardedAct, person: Person): PersonRefusal | null {
  if (!mayAct(act, person)) return { why: 'role', roles: rolesFor(act) };
  if (operates.has(act) && rows.signOffs.some(({ by, decision }) => by === person.id && decision === 'signed'))
    return { why: 'signed' };
  const steps = act === 'sign-off' ? stepsRunBy(rows, person.id) : [];
  return steps.length ? { why: 'ran', steps } : null;
}

/** The same for a verb. @throws CutoverError role_missing | own_work */
export function requirePerson(rows: CutoverRows, act: GuardedAct, { actor }: Pick<VerbContext, 'actor'>): void {
  const refused = refusePerson(rows, act, actor);
  if (refused?.why === 'role') requireRole({ actor }, act);
  if (refused?.why === 'signed') {
    throw new CutoverError({
      code: 'own_work',
      message: `${actor.name} signed this cutover and so runs no step of it.`,
      advice: 'Let another operator press; a rollback stays open to you.',
    });
  }
  if (refused?.why === 'ran') {
    throw new CutoverError({
      code: 'own_work',
      message: `${actor.name} ran ${refused.steps.join(', ')} of this cutover and so cannot sign it.`,
      advice: 'Ask another reviewer, who ran no step of it.',
    });
  }
}
