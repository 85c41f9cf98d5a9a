import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditEntry, user } from '@/db/schema';
import { demoPeople } from '@/lib/auth/demo-people';
import { removePerson } from '@/lib/auth/deactivate-person';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { nameFleetOf } from '@/lib/testing/one-profile-fleet';
import { buildAdmin } from '@/lib/views/admin';
import { giveSignRoles } from './give-sign-roles';

let plane: TestControlPlane;
let admin: TestPerson;
let rena: TestPerson;

beforeAll(async () => {
  plane = await openControlPlane('give_roles');
  admin = await plane.addPerson('Ada', 'admin');
  rena = await plane.addPerson('Rena', 'reviewer');
  nameFleetOf('humanonly', {
    id: 'civic',
    service: 'humanonly-civic',
    tenant: 'civic',
    TENANT: 'CIVIC',
    title: 'Civic',
  });
}, 120_000);
afterAll(() => plane.close());

const give = (signRoles: string[], by = admin) =>
  giveSignRoles({ ctx: plane.ctxOf(by), input: { personId: rena.id, signRoles } });
const seen = async () => {
  const { people, signRoles } = await buildAdmin(plane.ctxOf(admin));
  return { signsAs: people.find(({ id }) => id === rena.id)?.signsAs, known: signRoles.map(({ id }) => id) };
};

it('offers the roles that runbooks name, and the demo has a person for each', async () => {
  const { known } = await seen();
  expect(known).toEqual(['releaseManager', 'incidentCommander', 'platformOperator', 'governanceLead']);
  expect(demoPeople.flatMap(({ signsAs }) => signsAs ?? [])).toEqual(known);
});

it('is given by an admin alone, only where a runbook names it, and is taken away again', async () => {
  await expect(give(['releaseManager'], rena)).rejects.toMatchObject({ code: 'role_missing' });
  await expect(give(['pope'])).rejects.toMatchObject({ message: 'No runbook names the role pope.' });
  await give(['releaseManager', 'governanceLead', 'releaseManager']);
  expect((await seen()).signsAs).toEqual(['releaseManager', 'governanceLead']);
  const [last] = await plane.db.select().from(auditEntry).orderBy(desc(auditEntry.n)).limit(1);
  expect(last?.summary).toBe('Rena now signs as Release manager and Governance lead.');
  await give([]);
  expect((await seen()).signsAs).toEqual([]);
});

it('is missed by the system check until somebody who may sign has it', async () => {
  const check = async () =>
    (await buildAdmin(plane.ctxOf(admin))).checks.find(({ name }) => name === 'Roles of sign-offs');
  expect(await check()).toMatchObject({ status: 'failed', detail: expect.stringContaining('and Governance lead.') });
  await give(['releaseManager', 'incidentCommander', 'platformOperator', 'governanceLead']);
  expect(await check()).toMatchObject({ status: 'passed', advice: null });
  await plane.db.update(user).set({ role: 'operator' }).where(eq(user.id, rena.id));
  expect(await check()).toMatchObject({ status: 'failed' });
});

it('goes with a person who is removed', async () => {
  await give(['releaseManager']);
  await removePerson({ ctx: plane.ctxOf(admin), input: { personId: rena.id } });
  const [row] = await plane.db.query.user.findMany({ where: (one, { eq }) => eq(one.id, rena.id) });
  expect(row?.signsAs).toEqual([]);
});
