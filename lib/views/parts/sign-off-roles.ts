import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { refuseRole, termsOf } from '@/lib/cutover/sign-off-roles';
import type { SignOffRoleDto } from '@/lib/views/dto';

/** Where each role of a sign-off stands, and why this person (null: nobody asks) may not decide for it. */
export function signOffRoles(
  rows: CutoverRows,
  { place, signRoles, fingerprint }: DerivedStep,
  personId: string | null,
  people: ReadonlyMap<string, string>,
): SignOffRoleDto[] {
  return signRoles.map((stand) => {
    const { id, title, stands, signOff, givenTo } = stand;
    return {
      id,
      title,
      stands,
      givenTo,
      by: signOff ? (people.get(signOff.by) ?? '') : null,
      at: signOff?.at.toISOString() ?? null,
      reason: signOff?.reason ?? null,
      reference: signOff?.approvalReference ?? null,
      refused:
        fingerprint && personId ? (refuseRole(rows, place, stand, { personId, fingerprint })?.reason ?? null) : null,
    };
  });
}

/** Whether a decision needs the reference of an approval, may have one, or has none. */
export const referenceOf = ({ place }: DerivedStep): 'none' | 'optional' | 'required' =>
  place.human === 'sign-off' ? termsOf(place).approval_reference : 'none';
