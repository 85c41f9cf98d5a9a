import { readNow } from '@/db/queries/views/read-now';
import { readPeople } from '@/db/queries/views/read-people';
import { readProfileStates } from '@/db/queries/views/read-profile-states';
import { readServer } from '@/db/queries/views/read-server';
import { readWorkers } from '@/db/queries/views/read-workers';
import { parseRoles, type SessionContext } from '@/lib/auth/actor';
import { consoleUrl } from '@/lib/auth/auth';
import type { AdminDto } from './dto';
import { isRemoved } from '@/lib/auth/change-people';
import { mayCheck } from '@/lib/cutover/ask-machines';
import { modeChecks } from './parts/mode-checks';
import { readFleetFile } from './parts/read-fleet-file';
import {
  addressCheck,
  diskCheck,
  fleetCheck,
  secretChecks,
  serverCheck,
  targetChecks,
  workerChecks,
} from './parts/system-checks';

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
    mayCheck: mayCheck({ actor }),
    people: people
      .filter((person) => !isRemoved(person))
      .map(({ id, name, email, role, createdAt, banned }) => ({
        id,
        name,
        email: mayManage ? email : '',
        roles: parseRoles(role),
        createdAt: createdAt.toISOString(),
        banned: banned === true,
      })),
    workers: workers.map(({ machine: _, ...worker }) => ({ ...worker, beatAgeMs: Math.round(worker.beatAgeMs) })),
    checks: [
      serverCheck(await readServer(db)),
      ...workerChecks(workers),
      fleetCheck(read),
      ...modeChecks(read, await readProfileStates(db), now.getTime()),
      ...secretChecks(read, workers),
      ...targetChecks(workers),
      await diskCheck(process.env.CUTOVER_HOME),
      addressCheck(consoleUrl()),
    ],
  };
}
