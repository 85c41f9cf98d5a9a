import { type SignOffTerms, signOffTerms } from '@/lib/fleet/sign-off-terms';
import { listWords, plural } from '@/lib/shared/words';
import type { Fingerprint } from './fingerprint';
import type { CutoverRows } from './rows';
import type { Place } from './walk-runbook';

type SignOffRow = CutoverRows['signOffs'][number];
/** One role of a sign-off with its newest decision. `stale`: what was signed is not what is there now. */
export type RoleStand = {
  id: string;
  title: string;
  signOff: SignOffRow | null;
  stands: 'open' | 'signed' | 'rejected' | 'stale';
  /** Names of those to whom an admin gave it. */
  givenTo: string[];
};

export const termsOf = (place: Place): SignOffTerms => signOffTerms.parse(place.step.params);

export function roleStands(rows: CutoverRows, place: Place, fingerprint: Fingerprint): RoleStand[] {
  return termsOf(place).roles.map(({ id, title }) => {
    const signOff = rows.signOffs.findLast(({ stepId, role }) => stepId === place.step.id && role === id) ?? null;
    const givenTo = rows.signers.filter(({ signsAs }) => signsAs.includes(id)).map(({ name }) => name);
    return { id, title, signOff, stands: standOf(signOff, fingerprint), givenTo };
  });
}

function standOf(signOff: SignOffRow | null, fingerprint: Fingerprint): RoleStand['stands'] {
  if (!signOff) return 'open';
  if (signOff.decision === 'rejected') return 'rejected';
  return signOff.fingerprint === fingerprint.digest ? 'signed' : 'stale';
}

const notGiven = ({ title, givenTo }: RoleStand): string =>
  givenTo.length
    ? `You do not sign as ${title}; ${listWords(givenTo)} ${plural(givenTo.length, 'does', 'do')}.`
    : `Nobody signs as ${title} yet; an admin gives it to a person on the page Admin.`;

export type RoleRefusal = { code: 'one_role_each' | 'sign_role_missing' | 'state_forbids'; reason: string };

/** Why this person may not decide for this role now; null = they may. */
export function refuseRole(
  rows: CutoverRows,
  place: Place,
  stand: RoleStand,
  { personId, fingerprint }: { personId: string; fingerprint: Fingerprint },
): RoleRefusal | null {
  const terms = termsOf(place);
  const other = rows.signOffs.find(
    ({ stepId, by, role }) => stepId === place.step.id && by === personId && role !== null && role !== stand.id,
  );
  if (other && !terms.several_roles) {
    const title = terms.roles.find(({ id }) => id === other.role)?.title ?? other.role;
    return { code: 'one_role_each', reason: `You decided as ${title}; nobody decides for two roles.` };
  }
  if (!rows.signers.some(({ id, signsAs }) => id === personId && signsAs.includes(stand.id)))
    return { code: 'sign_role_missing', reason: notGiven(stand) };
  if (stand.stands === 'signed') return { code: 'state_forbids', reason: `${stand.title} has signed already.` };
  if (
    stand.signOff?.decision === 'rejected' &&
    stand.signOff.by !== personId &&
    stand.signOff.fingerprint === fingerprint.digest
  )
    return {
      code: 'state_forbids',
      reason: `${stand.title} has rejected this; only who did may take that back while nothing has changed.`,
    };
  return null;
}

const titles = (stands: readonly RoleStand[]): string => listWords(stands.map(({ title }) => title));

/** "Signed as Release manager; waits for Governance lead." */
export function rolesWords(stands: readonly RoleStand[]): string {
  const signed = stands.filter((one) => one.stands === 'signed');
  const lacking = stands.filter((one) => one.stands !== 'signed');
  return `${signed.length ? `Signed as ${titles(signed)}; waits` : 'Waits'} for the sign-off of ${titles(lacking)}.`;
}
