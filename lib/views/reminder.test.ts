import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readInboxSignature } from '@/db/queries/live/read-signatures';
import { remindReviewers, signOff } from '@/lib/cutover';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { buildReviews } from './reviews';
import { buildShell } from './shell';
import { buildWizard } from './wizard';

let plane: TestControlPlane;
let operator: TestPerson;
let asked: TestPerson;
let other: TestPerson;

beforeAll(async () => {
  plane = await openControlPlane('reminder');
  operator = await plane.addPerson('Olga', 'operator');
  asked = await plane.addPerson('Rafael', 'reviewer');
  other = await plane.addPerson('Rita', 'reviewer');
});
afterAll(() => plane.close());

const gate =
  'preflight snapshot-source export-userdata snapshot-target baseline bootstrap import row-diff load-check smoke';

/** A cutover whose sign-off waits. */
async function waiting(sourceId: string, t0: string, people: string[]): Promise<string> {
  const seeded = await seedCutover(plane, operator, sourceId);
  await seeded.state('open', { asked: people, t0: new Date(t0) });
  await seeded.pass(...gate.split(' '));
  return seeded.id;
}
const remind = (person: TestPerson, cutoverId: string, stepId = 'sign-off') =>
  remindReviewers({ ctx: plane.ctxOf(person), input: { cutoverId, stepId } });
const inbox = async (person: TestPerson) =>
  (await buildReviews(plane.ctxOf(person), {})).items.map(({ sourceId, reminder }) => [sourceId, reminder?.by ?? null]);
const reminders = async () =>
  (await plane.db.execute(sql`select 1 from audit_entry where act = 'remind-reviewers'`)).rows;

it('puts a waiting sign-off on top of the inbox of those who were asked, once in ten minutes, and wakes their pages', async () => {
  await waiting('assets_1', '2026-12-01T02:00:00Z', []);
  const later = await waiting('assets_2', '2026-12-02T02:00:00Z', [asked.id]);
  expect(await inbox(asked)).toEqual([
    ['assets_1', null],
    ['assets_2', null],
  ]);
  const before = (await readInboxSignature(plane.db)).signature;

  await remind(operator, later);

  expect((await readInboxSignature(plane.db)).signature).not.toBe(before);
  expect(await inbox(asked)).toEqual([
    ['assets_2', 'Olga'],
    ['assets_1', null],
  ]);
  expect((await buildReviews(plane.ctxOf(asked), {})).selected?.sourceId).toBe('assets_2');
  expect((await buildShell(plane.ctxOf(asked))).inboxCount).toBe(2);
  // Nobody else was asked, so nobody else is reminded.
  expect(await inbox(other)).toEqual([
    ['assets_1', null],
    ['assets_2', null],
  ]);
  expect((await buildWizard(plane.ctxOf(operator), { cutoverId: later })).gate.remind).toEqual({
    stepId: 'sign-off',
    disabledReason: null,
    againAt: expect.any(String),
  });
  await expect(remind(operator, later)).rejects.toMatchObject({ code: 'reminded_lately' });
  expect(await reminders()).toHaveLength(1);

  await plane.db.execute(sql`update cutover set reminded_at = reminded_at - interval '10 minutes' where id = ${later}`);
  await remind(operator, later);
  expect(await reminders()).toHaveLength(2);
});

it('refuses a reviewer, and a step that waits for no sign-off', async () => {
  const { items } = await buildReviews(plane.ctxOf(operator), {});
  const id = items.find(({ sourceId }) => sourceId === 'assets_1')?.cutoverId ?? '';
  await expect(remind(asked, id)).rejects.toMatchObject({ code: 'role_missing' });
  await expect(remind(operator, id, 'close-sign-off')).rejects.toMatchObject({ code: 'state_forbids' });
  await expect(remind(operator, id, 'smoke')).rejects.toMatchObject({ code: 'state_forbids' });
});

it('is over once a reviewer has decided', async () => {
  const { items } = await buildReviews(plane.ctxOf(asked), {});
  const cutoverId = items.find(({ sourceId }) => sourceId === 'assets_2')?.cutoverId ?? '';
  const { selected } = await buildReviews(plane.ctxOf(asked), { cutoverId });
  const seen = { cutoverId, stepId: 'sign-off', fingerprint: selected?.fingerprint ?? '' };
  await signOff({ ctx: plane.ctxOf(other), input: { ...seen, decision: 'rejected', reason: 'Counts are missing.' } });
  expect((await inbox(asked)).find(([sourceId]) => sourceId === 'assets_2')).toEqual(['assets_2', null]);
});

it('waits for nobody once the cutover is abandoned: the gate says what held', async () => {
  const { items } = await buildReviews(plane.ctxOf(operator), {});
  const cutoverId = items.find(({ sourceId }) => sourceId === 'assets_1')?.cutoverId ?? '';
  const gateNow = async () => (await buildWizard(plane.ctxOf(operator), { cutoverId })).gate;
  expect(await gateNow()).toMatchObject({ held: 10, of: 11, waitingFor: expect.stringContaining('Waiting for') });
  await plane.db.execute(sql`update cutover set state = 'abandoned', ended_at = now() where id = ${cutoverId}`);
  expect(await gateNow()).toMatchObject({
    held: 10,
    of: 11,
    waitingFor: null,
    waitingSince: null,
    reviewLink: null,
    remind: null,
  });
});
