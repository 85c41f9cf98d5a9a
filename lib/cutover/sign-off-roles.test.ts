import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEntry, cutover, signOff as signOffTable, user } from '@/db/schema';
import { checkRunbook } from '@/lib/fleet/check-runbook';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import type { Json } from '@/lib/shared/json';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { buildReviews } from '@/lib/views/reviews';
import { buildWizard } from '@/lib/views/wizard';
import { deriveSteps, stepOf } from './derive-steps';
import { loadCutover } from './load-cutover';
import { signOff } from './sign-off';

const roles = ['Release manager', 'Incident commander', 'Platform operator', 'Governance lead'].map((title) => ({
  id: title.toLowerCase().replace(' ', '-'),
  title,
}));
const [release, incident, platform, governance] = roles.map(({ id }) => id) as [string, string, string, string];
const beforeGate =
  'preflight snapshot-source export-userdata snapshot-target baseline bootstrap import row-diff load-check smoke'.split(
    ' ',
  );

let plane: TestControlPlane;
let operator: TestPerson;
let people: TestPerson[];
let id: string;
const giveRole = async (person: TestPerson | undefined, ...signsAs: string[]) =>
  plane.db
    .update(user)
    .set({ signsAs })
    .where(eq(user.id, person?.id ?? ''));
beforeAll(async () => {
  plane = await openControlPlane('sign_roles');
  operator = await plane.addPerson('Olga Operator', 'operator', 'reviewer');
  people = await Promise.all(
    ['Rae One', 'Ines Two', 'Pia Three', 'Gus Four'].map((name) => plane.addPerson(name, 'reviewer')),
  );
  // Two roles each, so that what is refused below is refused for another reason than this.
  await Promise.all(people.map((person, at) => giveRole(person, roles[at]?.id ?? '', roles[(at + 1) % 4]?.id ?? '')));
  const seeded = await seedCutover(plane, operator);
  id = seeded.id;
  const { runbook } = await loadCutover(plane.db, id);
  for (const { steps } of runbook.phases)
    for (const step of steps)
      if (step.id === 'sign-off') step.params = { covers: 'switch', roles, approval_reference: 'required' };
  await plane.db
    .update(cutover)
    .set({ runbook: runbook as unknown as Json })
    .where(eq(cutover.id, id));
  await seeded.state('open');
  await seeded.pass(...beforeGate);
});
afterAll(() => plane.close());

const step = async () => {
  const found = stepOf(deriveSteps(await loadCutover(plane.db, id)), 'sign-off');
  if (!found) throw new Error('no sign-off');
  return found;
};
async function decide(person: TestPerson | undefined, role: string, more: object = {}) {
  const fingerprint = (await step()).fingerprint?.digest ?? '';
  const input = {
    cutoverId: id,
    stepId: 'sign-off',
    decision: 'signed' as const,
    fingerprint,
    role,
    approvalReference: 'CHG-1',
    ...more,
  };
  return signOff({ ctx: plane.ctxOf(person as TestPerson), input });
}

describe('a sign-off by named roles', () => {
  it('needs a role, a reference, and a person who ran nothing', async () => {
    await expect(decide(operator, release)).rejects.toMatchObject({ code: 'own_work' });
    await expect(decide(people[0], '')).rejects.toMatchObject({ code: 'input_invalid' });
    await expect(decide(people[0], release, { approvalReference: '  ' })).rejects.toMatchObject({
      code: 'reference_missing',
    });
    expect((await step()).reason).toBe(
      'Waits for the sign-off of Release manager, Incident commander, Platform operator and Governance lead.',
    );
  });

  it('keeps the gate shut until every role has signed, each by a person of its own', async () => {
    await decide(people[0], release);
    await expect(decide(people[0], incident)).rejects.toMatchObject({ code: 'one_role_each' });
    await expect(decide(people[3], release)).rejects.toMatchObject({ code: 'state_forbids' });
    const forced = {
      id: 'forced',
      cutoverId: id,
      stepId: 'sign-off',
      decision: 'signed' as const,
      fingerprint: 'f',
      parts: {},
    };
    await expect(
      plane.db.insert(signOffTable).values({ ...forced, by: people[0]?.id ?? '', role: incident }),
    ).rejects.toMatchObject({ cause: { code: '23001' } });
    await decide(people[1], incident);
    const seen = await buildReviews(plane.ctxOf(people[0] as TestPerson), { cutoverId: id, stepId: 'sign-off' });
    expect(seen.items.find((item) => !item.done)?.mine).toBe(false);
    expect(seen.selected?.signOff.disabledReason).toBe('You decided as Release manager; nobody decides for two roles.');
    expect(seen.selected?.decided).toBeNull();
    expect(seen.selected?.roles.map(({ stands, by, reference }) => [stands, by, reference])).toEqual([
      ['signed', 'Rae One', 'CHG-1'],
      ['signed', 'Ines Two', 'CHG-1'],
      ['open', null, null],
      ['open', null, null],
    ]);
    expect(await step()).toMatchObject({
      status: 'waiting',
      greenBy: null,
      reason:
        'Signed as Release manager and Incident commander; waits for the sign-off of Platform operator and Governance lead.',
    });
  });

  it('says on the page of the cutover who has signed and who lacks', async () => {
    const { next } = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
    expect(next).toMatchObject({
      lead: 'Waits for 2 sign-offs.',
      rest: 'Platform operator and Governance lead have to decide; Release manager and Incident commander signed.',
    });
  });

  it('stops at one rejection, which only its author takes back', async () => {
    await decide(people[2], platform, { decision: 'rejected', reason: 'No capacity tonight.' });
    await decide(people[3], governance);
    expect(await step()).toMatchObject({
      status: 'waiting',
      reason: 'Rejected by Platform operator: No capacity tonight.',
    });
    const other = await plane.addPerson('Otto Five', 'reviewer');
    await giveRole(other, platform);
    await expect(decide(other, platform)).rejects.toMatchObject({ code: 'state_forbids' });
    await decide(people[2], platform, { approvalReference: 'CHG-2' });
    expect(await step()).toMatchObject({ status: 'passed' });
    expect((await step()).greenBy?.split('+')).toHaveLength(4);
    const audit = await plane.db.select().from(auditEntry).where(eq(auditEntry.cutoverId, id));
    expect(audit.map(({ summary }) => summary)).toContain('Signed as Platform operator: Sign off the switch');
    expect(JSON.parse(audit.at(-1)?.body ?? '{}').what).toMatchObject({ role: platform, approvalReference: 'CHG-2' });
  });

  it('is decided by nobody to whom an admin did not give the role, and the page says who may', async () => {
    const stranger = await plane.addPerson('Sam Six', 'reviewer');
    await expect(decide(stranger, release)).rejects.toMatchObject({
      code: 'sign_role_missing',
      message: 'You do not sign as Release manager; Gus Four and Rae One do.',
    });
    const forced = { id: 'stranger', cutoverId: id, stepId: 'sign-off', fingerprint: 'f', parts: {}, role: release };
    await expect(
      plane.db.insert(signOffTable).values({ ...forced, decision: 'signed', by: stranger.id }),
    ).rejects.toMatchObject({ cause: { code: '23001', message: expect.stringContaining('not given') } });
    const { selected } = await buildReviews(plane.ctxOf(stranger), { cutoverId: id, stepId: 'sign-off' });
    expect(selected?.roles.map(({ givenTo }) => givenTo)[2]).toEqual(['Ines Two', 'Otto Five', 'Pia Three']);
    await giveRole(people[0]);
    await giveRole(people[3]);
    await expect(decide(stranger, release)).rejects.toMatchObject({
      message: 'Nobody signs as Release manager yet; an admin gives it to a person on the page Admin.',
    });
    expect(await step()).toMatchObject({ status: 'passed' });
  });

  it('is refused at loading when a role stands twice', async () => {
    const { runbook } = await loadCutover(plane.db, id);
    const twice = structuredClone(runbook);
    for (const { steps } of twice.phases)
      for (const one of steps)
        if (one.id === 'sign-off') one.params = { covers: 'switch', roles: [roles[0], roles[0]] };
    expect(() => checkRunbook(runbookFile.parse(twice), 'file.yaml', twice.name)).toThrow('each role once');
  });
});
