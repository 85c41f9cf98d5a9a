import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditEntry, plan as plans, secondPerson } from '@/db/schema';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { equalDiff, seedCutover } from '@/lib/testing/seed-cutover';
import { buildDecision } from '@/lib/views/decision';
import { confirmSecondPerson } from './confirm-second-person';
import { rollBack } from './roll-back';

let plane: TestControlPlane;
let operator: TestPerson;
let reviewer: TestPerson;

beforeAll(async () => {
  plane = await openControlPlane('loss-seen');
  operator = await plane.addPerson('Olga Operator', 'operator');
  reviewer = await plane.addPerson('Rafael Reviewer', 'reviewer');
});
afterAll(() => plane.close());

const secondsAgo = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

/** A cutover whose users write to the target. */
async function letThrough() {
  const { id, passIn, state, plan } = await seedCutover(plane, operator);
  await state('switched', { switchedAt: secondsAgo(600) });
  await passIn('switch:1', 'thaw');
  /** The loss is read: this many rows, that long ago. */
  const read = async (rows: number, age: number) => {
    const loss = { ...equalDiff, extra: String(rows) };
    const own = and(eq(plans.cutoverId, id), eq(plans.stepId, 'rollback-freeze'));
    const [made] = await plane.db.select().from(plans).where(own);
    const planDigest = made?.digest ?? (await plan('rollback-freeze', 'write', loss));
    await plane.db
      .update(plans)
      .set({ loss, madeAt: secondsAgo(age) })
      .where(own);
    return planDigest;
  };
  const confirm = (planDigest: string, seenLoss?: string) =>
    confirmSecondPerson({
      ctx: plane.ctxOf(reviewer),
      input: { cutoverId: id, act: 'rollback', planDigest, seenLoss },
    });
  const press = (planDigest: string) =>
    rollBack({
      ctx: plane.ctxOf(operator),
      input: { cutoverId: id, kind: 'runtime', planDigest, typedId: 'assets_1' },
    });
  const card = async (person: TestPerson) =>
    (await buildDecision(plane.ctxOf(person), { cutoverId: id, act: 'rollback' })).secondPerson;
  /** The confirmation was made on a reading that is this old by now. */
  const confirmedOn = (age: number) =>
    plane.db
      .update(secondPerson)
      .set({ lossReadAt: secondsAgo(age) })
      .where(eq(secondPerson.cutoverId, id));
  return { id, read, confirm, press, card, confirmedOn, state };
}

it('takes no confirmation of an old reading, nor of less than is lost by now, on the card and behind it', async () => {
  const { read, confirm, card, state } = await letThrough();
  const old = await read(4, 70);
  expect(await card(reviewer)).toMatchObject({
    mayConfirm: false,
    reason: expect.stringMatching(/read over a minute ago/),
  });
  await expect(confirm(old)).rejects.toMatchObject({ code: 'plan_changed' });
  const fresh = await read(100, 5);
  expect((await card(reviewer)).mayConfirm).toBe(true);
  await expect(confirm(fresh, '4')).rejects.toMatchObject({
    code: 'plan_changed',
    message: 'Your card said 4 rows; by now it is 100 rows.',
  });
  await confirm(fresh, '100');
  expect(await card(operator)).toMatchObject({ by: 'Rafael Reviewer' });
  await state('abandoned');
});

it('binds a confirmation to the loss it saw: grown after its minute, the press asks for it again', async () => {
  const { read, confirm, press, card, confirmedOn, state } = await letThrough();
  await confirm(await read(4, 5), '4');
  await confirmedOn(70);
  // As many rows as were seen, or fewer, need nobody again.
  const same = await read(4, 4);
  expect((await card(operator)).by).toBe('Rafael Reviewer');
  const grown = await read(100, 3);
  expect(grown).toBe(same);
  expect(await card(operator)).toMatchObject({
    by: null,
    reason: 'Rafael Reviewer stood behind 4 rows; by now it is 100. Waits for a second person again.',
  });
  await expect(press(grown)).rejects.toMatchObject({
    code: 'second_person_needed',
    message: expect.stringMatching(/^The second person stood behind 4 rows, read at .*; by now it is 100 rows\.$/),
  });
  expect((await card(reviewer)).mayConfirm).toBe(true);
  await confirm(grown, '100');
  await press(grown);
  await state('abandoned');
});

it('lets users write on while two people act: within the minute a press goes through, with both figures on record', async () => {
  const { id, read, confirm, press, state } = await letThrough();
  const digest = await read(100, 30);
  await confirm(digest, '100');
  await read(115, 2);
  await press(digest);
  const started = (await plane.db.select().from(auditEntry)).find(
    ({ act, cutoverId }) => act === 'roll-back' && cutoverId === id,
  );
  expect(started?.body).toMatch(/"confirmedLoss":"100"/);
  expect(started?.body).toMatch(/"loss":"115"/);
  await state('abandoned');
});
