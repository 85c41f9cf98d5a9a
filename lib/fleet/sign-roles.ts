import { CutoverError } from '@/lib/errors';
import { allSteps } from './check-runbook';
import type { LoadedFleet } from './load';
import type { Runbook } from './runbook-schema';
import { runbooksOf } from './schema';
import { type SignOffRole, signOffTerms } from './sign-off-terms';

/** Roles that sign-offs of a runbook name, each once. */
export const signRolesOf = (runbook: Runbook): SignOffRole[] => [
  ...new Map(
    allSteps(runbook)
      .filter(({ kind }) => kind === 'sign-off')
      .flatMap(({ params }) => signOffTerms.safeParse(params).data?.roles ?? [])
      .map((role) => [role.id, role]),
  ).values(),
];

/** Those of the runbooks that profiles walk: what an admin may give. Two runbooks that name one id mean one role. */
export function fleetSignRoles(fleet: LoadedFleet): SignOffRole[] {
  const walked = new Set(fleet.systems.flatMap(({ profiles }) => profiles.flatMap(runbooksOf)));
  const found = [...walked].flatMap((name) => {
    try {
      return signRolesOf(fleet.runbook(name).runbook);
    } catch (thrown) {
      // A runbook that does not load has a page that says why.
      if (thrown instanceof CutoverError) return [];
      throw thrown;
    }
  });
  return [...new Map(found.map((role) => [role.id, role])).values()];
}
