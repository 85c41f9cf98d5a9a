import { afterAll, beforeAll, expect, it } from 'vitest';
import { askSecondPerson } from '@/lib/cutover/ask-second-person';
import { overrideStep } from '@/lib/cutover/override-step';
import { confirmOverride } from '@/lib/cutover/confirm-override';
import { confirmSecondPerson } from '@/lib/cutover/confirm-second-person';
import { makePlan } from '@/lib/cutover/make-plan';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { equalDiff, seedCutover } from '@/lib/testing/seed-cutover';
import { buildCutovers } from './cutovers';
import { buildDecision } from './decision';
import { buildReviews } from './reviews';
import { buildShell } from './shell';
import { buildWizard } from './wizard';
import { sentenceText } from './words/next';

let plane: TestControlPlane;
let operator: TestPerson;
let reviewer: TestPerson;
let admin: TestPerson;

beforeAll(async () => {
  plane = await openControlPlane('inbox');
  operator = await plane.addPerson('Olga Operator', 'operator');
  reviewer = await plane.addPerson('Rafael Reviewer', 'reviewer');
  admin = await plane.addPerson('Ada Admin', 'admin');
});
afterAll(() => plane.close());

it('puts an override that waits for a second person into the inbox of everybody but the one who asked', async () => {
  const { id, passIn, fail, state } = await seedCutover(plane, operator);
  await state('switched', { switchedAt: new Date() });
  await passIn('switch:1', 'thaw');
  await fail('plugin-operations');
  const input = {
    cutoverId: id,
    stepId: 'plugin-operations',
    reason: 'the service was restarted on purpose',
    typedId: 'assets_1',
  };
  // Its card opens for the one who asks: whoever stands behind it does so afterwards.
  const card = await buildDecision(plane.ctxOf(admin), { cutoverId: id, act: 'override', stepId: 'plugin-operations' });
  expect(card).toMatchObject({ closedReason: null, secondPerson: { needed: true, by: null } });
  await overrideStep({ ctx: plane.ctxOf(admin), input });
  const mine = async (person: TestPerson) =>
    (await buildReviews(plane.ctxOf(person), {})).items.find(({ kind }) => kind === 'override')?.mine;
  expect([await mine(reviewer), await mine(operator), await mine(admin)]).toEqual([true, true, false]);
  expect((await buildShell(plane.ctxOf(reviewer))).inboxCount).toBe(1);
  await confirmOverride({ ctx: plane.ctxOf(reviewer), input: { cutoverId: id, stepId: 'plugin-operations' } });
  expect((await buildReviews(plane.ctxOf(operator), {})).items.filter(({ kind }) => kind === 'override')).toEqual([]);
});

/** A switched profile whose rollback would drop one row; `mine`: whether that waits for a person. */
async function switchedWithLoss() {
  const { id, passIn, state, plan } = await seedCutover(plane, operator, 'assets_3');
  await state('switched', { switchedAt: new Date() });
  await passIn('switch:1', 'thaw');
  await plan('rollback-freeze', 'write', { ...equalDiff, extra: '1' });
  const mine = async (person: TestPerson) =>
    (await buildReviews(plane.ctxOf(person), {})).items.find(({ kind }) => kind === 'rollback')?.mine;
  return { id, state, mine };
}

it('puts a losing rollback into the inbox of others as soon as somebody stands before its card', async () => {
  const { id, state, mine } = await switchedWithLoss();
  // The worker reads the loss by itself as well: that alone asks nobody.
  expect(await mine(admin)).toBeUndefined();
  await makePlan({ ctx: plane.ctxOf(operator), input: { cutoverId: id, stepId: 'rollback-freeze' } });
  expect([await mine(reviewer), await mine(operator), await mine(admin)]).toEqual([true, false, true]);
  await state('abandoned');
});

it('lets whoever stands before the card of a losing rollback ask outright, until somebody stands behind it', async () => {
  const { id, state, mine } = await switchedWithLoss();
  expect(await mine(admin)).toBeUndefined();
  const before = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'rollback' });
  expect(before.secondPerson).toMatchObject({ needed: true, ask: { mayAsk: true, askedAt: null } });
  await askSecondPerson({ ctx: plane.ctxOf(operator), input: { cutoverId: id, act: 'rollback' } });
  expect([await mine(reviewer), await mine(operator), await mine(admin)]).toEqual([true, false, true]);
  const after = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'rollback' });
  expect(after.secondPerson.ask?.askedAt).toBeTruthy();
  await confirmSecondPerson({
    ctx: plane.ctxOf(reviewer),
    input: { cutoverId: id, act: 'rollback', planDigest: after.planDigest ?? '' },
  });
  expect(await mine(admin)).toBeUndefined();
  await state('abandoned');
});

it('puts a data rollback into the inbox once it was asked for, with the link to its own card, until somebody stands behind it', async () => {
  const { id, passIn, state, plan } = await seedCutover(plane, operator, 'assets_3');
  await passIn('switch:1', 'thaw');
  await state('rolled_back', { switchedAt: new Date(), rolledBackAt: new Date() });
  const item = async (person: TestPerson) =>
    (await buildReviews(plane.ctxOf(person), {})).items.find(
      ({ cutoverId, kind }) => cutoverId === id && kind === 'rollback',
    );
  expect(await item(reviewer)).toBeUndefined();
  const digest = await plan('data-snapshot', 'write');
  // That it could be pressed asks nobody.
  expect(await item(reviewer)).toBeUndefined();
  await expect(askSecondPerson({ ctx: plane.ctxOf(reviewer), input: { cutoverId: id } })).rejects.toMatchObject({
    code: 'role_missing',
  });
  await askSecondPerson({ ctx: plane.ctxOf(operator), input: { cutoverId: id } });
  expect(await item(reviewer)).toMatchObject({ mine: true, href: expect.stringMatching(/\?card=data-rollback$/) });
  expect((await item(operator))?.mine).toBe(false);
  await confirmSecondPerson({
    ctx: plane.ctxOf(reviewer),
    input: { cutoverId: id, act: 'data-rollback', planDigest: digest },
  });
  expect(await item(reviewer)).toBeUndefined();
});

it('a failed step: the list says what its page says, and what leaves the walk is never the primary', async () => {
  const { id, fail } = await seedCutover(plane, operator, 'assets_2');
  await fail('preflight');
  const view = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
  const { open } = await buildCutovers(plane.ctxOf(operator));
  const row = open.find((one) => one.id === id);
  expect(view.next.act).toMatchObject({ act: 'retry' });
  expect(row).toMatchObject({ badge: view.badge });
  expect(row?.headline).toContain(sentenceText(view.next));
});
