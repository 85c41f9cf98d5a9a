import { readNow } from '@/db/queries/views/read-now';
import { readPeople } from '@/db/queries/views/read-people';
import { readProfileStates } from '@/db/queries/views/read-profile-states';
import { readServer } from '@/db/queries/views/read-server';
import { readWorkers } from '@/db/queries/views/read-workers';
import { listWords } from '@/lib/shared/words';
import { parseRoles, type SessionContext } from '@/lib/auth/actor';
import { consoleUrl } from '@/lib/auth/auth';
import type { AdminDto } from './dto';
import { isRemoved } from '@/lib/auth/change-people';
import { fleetSignRoles } from '@/lib/fleet/sign-roles';
import { mayCheck } from '@/lib/cutover/ask-machines';
import { checkLine } from './parts/check-line';
import { modeChecks } from './parts/mode-checks';
import { type FleetRead, readFleetFile } from './parts/read-fleet-file';
import {
  addressCheck,
  checkedAt,
  diskCheck,
  fleetCheck,
  secretChecks,
  serverCheck,
  targetChecks,
  workerChecks,
} from './parts/system-checks';

/** Whether each role that a sign-off of the fleet needs is given to somebody who may sign; nothing where none has roles. */
function signRoleChecks({ fleet }: FleetRead, people: Awaited<ReturnType<typeof readPeople>>): AdminDto['checks'] {
  const known = fleet ? fleetSignRoles(fleet) : [];
  if (!known.length) return [];
  const signers = people.filter(({ role, banned }) => !banned && parseRoles(role).includes('reviewer'));
  const open = known.filter(({ id }) => !signers.some(({ signsAs }) => signsAs.includes(id)));
  const titles = (roles: typeof known) => listWords(roles.map(({ title }) => title));
  return [
    checkLine(
      'Roles of sign-offs',
      open.length ? 'failed' : 'passed',
      open.length ? `Nobody who may sign off is given ${titles(open)}.` : `Each is given: ${titles(known)}.`,
      open.length ? 'Give it to a reviewer below, under People; until then their sign-offs stay open.' : null,
    ),
  ];
}

/** Roles that may be given, and those that somebody has although no runbook names them any more. */
function signRolesNow({ fleet }: FleetRead, people: { signsAs: string[] }[]): AdminDto['signRoles'] {
  const known = fleet ? fleetSignRoles(fleet) : [];
  const left = people.flatMap(({ signsAs }) => signsAs).filter((id) => !known.some((role) => role.id === id));
  return [...known, ...[...new Set(left)].map((id) => ({ id, title: id }))];
}

/** People, workers and the system check. Everybody signed in may read it; only an admin gets addresses and may change people. */
export async function buildAdmin({ db, actor }: SessionContext): Promise<AdminDto> {
  const mayManage = actor.roles.includes('admin');
  const now = await readNow(db);
  const people = await readPeople(db);
  const workers = await readWorkers(db);
  const read = await readFleetFile(db);
  return {
    now: now.toISOString(),
    mayManage,
    checkedAt: checkedAt(workers),
    mayCheck: mayCheck({ actor }),
    people: people
      .filter((person) => !isRemoved(person))
      .map(({ id, name, email, role, createdAt, banned, signsAs }) => ({
        id,
        name,
        email: mayManage ? email : '',
        roles: parseRoles(role),
        signsAs,
        createdAt: createdAt.toISOString(),
        banned: banned === true,
      })),
    signRoles: signRolesNow(read, people),
    workers: workers.map(({ machine: _, ...worker }) => ({ ...worker, beatAgeMs: Math.round(worker.beatAgeMs) })),
    checks: [
      serverCheck(await readServer(db)),
      ...workerChecks(workers),
      fleetCheck(read),
      ...modeChecks(read, await readProfileStates(db), now.getTime()),
      ...secretChecks(read, workers),
      ...targetChecks(workers),
      ...signRoleChecks(read, people),
      await diskCheck(process.env.CUTOVER_HOME),
      addressCheck(consoleUrl()),
    ],
  };
}
