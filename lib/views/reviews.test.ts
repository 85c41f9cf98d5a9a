import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checklistTick, override } from '@/db/schema';
import { signOff } from '@/lib/cutover';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { seedCutover } from '@/lib/testing/seed-cutover';
import { buildDecision } from './decision';
import { buildReviews } from './reviews';
import { buildWizard } from './wizard';

let plane: TestControlPlane;
let operator: TestPerson;
let reviewer: TestPerson;
let admin: TestPerson;

beforeAll(async () => {
  plane = await openControlPlane('close_review');
  operator = await plane.addPerson('Olga', 'operator');
  reviewer = await plane.addPerson('Rafael', 'reviewer');
  admin = await plane.addPerson('Ada', 'admin');
});
afterAll(() => plane.close());

const untilSwitch =
  'preflight snapshot-source export-userdata snapshot-target baseline bootstrap import row-diff load-check smoke';
const sequence = 'freeze fence catch-up final-diff switch verify-mode canary thaw';
const items = 'backend-observed scoped-reads write-path plugin-ux logs-reviewed rollback-shared';

it('shows a sign-off of the close as one of the window, not of the switch', async () => {
  const { id, pass, passIn, state } = await seedCutover(plane, operator);
  await state('open');
  await pass(...untilSwitch.split(' '));
  const before = (await buildReviews(plane.ctxOf(reviewer), { cutoverId: id, stepId: 'sign-off' })).selected;
  expect(before).toMatchObject({ about: 'switch', ticked: [] });
  expect(before?.coversNote).toContain('compared again under the freeze');

  await signOff({
    ctx: plane.ctxOf(reviewer),
    input: { cutoverId: id, stepId: 'sign-off', decision: 'signed', fingerprint: before?.fingerprint ?? '' },
  });

  const switchedAt = new Date(Date.now() - 600_000);
  await state('switched', { switchedAt, openedAt: switchedAt, frozenMs: 3_100 });
  const press = randomUUID();
  for (const step of sequence.split(' ')) await passIn(press, step);
  await pass('plugin-operations', 'log-scan');
  const at = new Date(Date.now() + 1_000);
  const tick = { cutoverId: id, stepId: 'checklist', by: operator.id, at };
  await plane.db
    .insert(checklistTick)
    .values(items.split(' ').map((itemId) => ({ ...tick, itemId, note: `Looked at ${itemId}.` })));

  const { items: queue, selected } = await buildReviews(plane.ctxOf(reviewer), {
    cutoverId: id,
    stepId: 'close-sign-off',
  });
  // A clock that runs from the switch, though the switch was pressed long before its planned T-0.
  const t0 = switchedAt.toISOString();
  expect(queue[0]).toMatchObject({ stepId: 'close-sign-off', blocks: 'blocks the close', t0 });
  expect(queue[0]?.waitingSince).toBe(at.toISOString());
  expect(selected).toMatchObject({
    about: 'close',
    t0,
    askedBy: 'Olga',
    askedAt: at.toISOString(),
    claim: '3 of 3 steps since the switch hold',
    claimStatus: 'passed',
    overrides: [],
    sub: `Switched ${t0}. Log scan passed: log-scan holds. 6 items ticked by hand.`,
  });
  expect(selected?.checkpoints.slice(0, 3).map(({ stepId }) => stepId)).toEqual([
    'log-scan',
    'plugin-operations',
    'preflight',
  ]);
  expect(selected?.ticked[2]).toMatchObject({ note: 'Looked at write-path.', by: 'Olga' });
  expect(selected?.rowDiff?.equal).toBe('206853');
  expect(selected?.coversNote).not.toContain('compared again under the freeze');
});

it('counts an overridden step as none that holds, and names who let it through and why', async () => {
  const { id, pass, passIn, fail, state } = await seedCutover(plane, operator, 'assets_2');
  await state('open');
  await pass(...untilSwitch.split(' '));
  const signs = { cutoverId: id, stepId: 'sign-off' };
  const { selected: before } = await buildReviews(plane.ctxOf(reviewer), signs);
  const fingerprint = before?.fingerprint ?? '';
  await signOff({ ctx: plane.ctxOf(reviewer), input: { ...signs, decision: 'signed', fingerprint } });
  const switchedAt = new Date(Date.now() - 600_000);
  await state('switched', { switchedAt, openedAt: switchedAt });
  const press = randomUUID();
  for (const step of sequence.split(' ')) await passIn(press, step);
  await pass('plugin-operations');
  const asked = { id: randomUUID(), cutoverId: id, stepId: 'log-scan', attemptId: await fail('log-scan') };
  const reason = 'Stopped on purpose in a drill.';
  await plane.db
    .insert(override)
    .values({ ...asked, reason, by: admin.id, confirmedBy: reviewer.id, confirmedAt: new Date() });
  const at = new Date(Date.now() + 1_000);
  const tick = { cutoverId: id, stepId: 'checklist', by: operator.id, at, note: 'Seen.' };
  await plane.db.insert(checklistTick).values(items.split(' ').map((itemId) => ({ ...tick, itemId })));

  const said = [{ title: 'Log scan overridden', text: `by Ada, confirmed by Rafael: ${reason}` }];
  const { selected } = await buildReviews(plane.ctxOf(reviewer), { cutoverId: id, stepId: 'close-sign-off' });
  expect(selected).toMatchObject({
    claim: '2 of 3 steps since the switch hold, 1 overridden: Log scan',
    claimStatus: 'overridden',
    overrides: said,
  });
  const ctx = plane.ctxOf(operator);
  const { gate } = await buildWizard(ctx, { cutoverId: id });
  expect(gate).toMatchObject({ held: 2, overridden: 1, of: 4 });
  expect(gate.items.find(({ stepId }) => stepId === 'log-scan')).toMatchObject({
    claim: 'Log scan',
    detail: `Overridden: ${reason}`,
  });
  await state('closed', { endedAt: new Date() });
  const { summary } = await buildWizard(ctx, { cutoverId: id });
  expect(summary?.overrides).toEqual(said);
  expect(summary?.facts.map(({ label }) => label)).not.toContain('Overridden');
});

it('lets a switch be pressed over a confirmed override, and counts it apart', async () => {
  const { id, pass, fail, state } = await seedCutover(plane, operator, 'assets_3');
  await state('open');
  await pass(...untilSwitch.split(' ').filter((step) => step !== 'smoke'));
  const asked = { id: randomUUID(), cutoverId: id, stepId: 'smoke', attemptId: await fail('smoke') };
  await plane.db
    .insert(override)
    .values({ ...asked, reason: 'Known.', by: admin.id, confirmedBy: reviewer.id, confirmedAt: new Date() });
  const signs = { cutoverId: id, stepId: 'sign-off' };
  const { selected } = await buildReviews(plane.ctxOf(reviewer), signs);
  const fingerprint = selected?.fingerprint ?? '';
  await signOff({ ctx: plane.ctxOf(reviewer), input: { ...signs, decision: 'signed', fingerprint } });
  const card = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'switch' });
  expect(card.checks.find(({ key }) => key === 'gate')).toMatchObject({
    status: 'passed',
    detail: '10 of 11, 1 overridden',
  });
});
