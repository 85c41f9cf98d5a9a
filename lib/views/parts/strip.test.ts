import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attempt, fact } from '@/db/schema';
import { signOff } from '@/lib/cutover';
import { stripWords } from '@/components/decision/strip-words';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { Json } from '@/lib/shared/json';
import type { LiveStripDto } from '@/lib/views/dto';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { equalDiff, seedCutover } from '@/lib/testing/seed-cutover';
import { buildCutovers } from '@/lib/views/cutovers';
import { buildDecision } from '@/lib/views/decision';
import { buildReviews } from '@/lib/views/reviews';
import { buildWizard } from '@/lib/views/wizard';

let plane: TestControlPlane;
let operator: TestPerson;
let reviewer: TestPerson;
let last: Awaited<ReturnType<typeof seedCutover>> | null = null;

beforeAll(async () => {
  plane = await openControlPlane('strip');
  operator = await plane.addPerson('Olga', 'operator');
  reviewer = await plane.addPerson('Rafael', 'reviewer');
});
afterAll(() => plane.close());

const pressId = 'switch:1';
const gate = [
  'preflight',
  'snapshot-source',
  'export-userdata',
  'snapshot-target',
  'baseline',
  'bootstrap',
  'import',
  'row-diff',
  'load-check',
  'smoke',
];

/** A press of the switch: these steps passed. */
async function pressed(...passed: string[]) {
  await last?.state('abandoned');
  const seeded = await seedCutover(plane, operator);
  last = seeded;
  await seeded.state('open');
  await seeded.pass(...gate);
  const { selected } = await buildReviews(plane.ctxOf(reviewer), { cutoverId: seeded.id });
  const seen = { cutoverId: seeded.id, stepId: 'sign-off', fingerprint: selected?.fingerprint ?? '' };
  await signOff({ ctx: plane.ctxOf(reviewer), input: { ...seen, decision: 'signed' } });
  await seeded.plan('freeze', 'write');
  for (const step of passed) await seeded.passIn(pressId, step);
  return { ...seeded, view: () => buildWizard(plane.ctxOf(operator), { cutoverId: seeded.id }) };
}

it('holds nobody while no worker has taken the press, and lets it be taken back before anything else', async () => {
  const { end, view } = await pressed();
  await end('running', 'freeze', { pressId, state: 'queued', startedAt: null });
  const { strip, exit, extra } = await view();
  expect(strip?.sub).toMatch(/^Waits for a worker; no user is held yet\./);
  expect(exit).toMatchObject({ act: 'abandon', disabledReason: expect.stringMatching(/cancel it first\.$/) });
  expect(extra.find(({ act }) => act === 'cancel')).toMatchObject({ disabledReason: null, stepId: 'freeze' });
});

it('names the switch alike to who may press it and to who may not', async () => {
  const { id, view } = await pressed();
  const { next } = await view();
  const others = (await buildWizard(plane.ctxOf(reviewer), { cutoverId: id })).next;
  expect([next.lead, others.lead]).toEqual(['Next: switch.', 'Next: switch.']);
  expect(others.act?.disabledReason).toBeTruthy();
});

it('states a rollback made outside once, with the one press that confirms it', async () => {
  const { state, view } = await pressed('freeze', 'fence');
  await state('rolled_back', { outsideActAt: new Date(), rolledBackAt: new Date() });
  const { next, strip, exit } = await view();
  expect(next.lead).toBe('Rolled back outside the console.');
  expect(next.act?.act).toBe('confirm-outside');
  expect([strip, exit]).toEqual([null, null]);
});

it('shows the press while it runs: passed, running and waiting cells, users held since the freeze', async () => {
  const { end, view } = await pressed('freeze', 'fence');
  await end('running', 'catch-up', { pressId, progress: null });
  const { strip, badge, freeze, next, undoable } = await view();
  expect(strip).toMatchObject({
    title: 'Switching assets_1 to POSTGRES_PRIMARY',
    outcome: 'running',
    limitMs: 60_000,
    endedAt: null,
  });
  expect(strip?.cells.slice(0, 4).map(({ stepId, state }) => [stepId, state])).toEqual([
    ['freeze', 'passed'],
    ['fence', 'passed'],
    ['catch-up', 'running'],
    ['final-diff', 'waiting'],
  ]);
  expect(badge).toEqual({ glyph: 'running', text: 'switching' });
  expect(freeze).toMatchObject({ text: 'users are held', actualMs: null, runningSince: expect.any(String) });
  expect(next.lead).toBe('Now: diff and repair under the freeze.');
  expect(undoable).toBe('Until users are let through, a failure returns to SQLITE by itself.');
});

it('says at its step that a worker was lost in the middle, and who went on', async () => {
  const { end, view } = await pressed('freeze');
  const lost = { worker: 'gone-1', epoch: 1, lostAt: second(1), takenAt: second(2) };
  await end('running', 'fence', { pressId, state: 'queued', takeovers: [lost] });
  const waiting = (await view()).strip;
  expect(waiting?.cells[1]?.detail).toBe(`Interrupted at ${second(1)}, waits for a worker that goes on.`);
  // No time is promised that nobody can keep.
  expect(waiting).toMatchObject({ outcome: 'running', stalled: true });
  expect(stripWords(waiting as LiveStripDto, Date.now()).below).toBe('frozen; how long is not known');
  const went = { ...lost, by: 'worker-2', resumedAt: second(3) };
  await plane.db
    .update(attempt)
    .set({ state: 'running', takeovers: [went] })
    .where(eq(attempt.stepId, 'fence'));
  const on = (await view()).strip;
  expect(on?.cells[1]?.detail).toBe(`Interrupted at ${second(1)}, continued by worker-2 at ${second(3)}.`);
});

it('says that the return to the source happened by itself, and that users go again', async () => {
  const { end, view } = await pressed('freeze');
  await end('failed', 'fence', {
    pressId,
    error: { code: 'fence_failed', message: 'No lock.', advice: 'Retry.', retry: 'now', facts: {} },
  });
  await end('done', 'fence', { pressId, verb: 'undo', no: 1 });
  await end('done', 'freeze', { pressId, verb: 'undo', no: 1 });
  const { strip, freeze, next, currentStepId, exit } = await view();
  expect([currentStepId, exit?.act]).toEqual(['freeze', 'abandon']);
  expect(next).toMatchObject({
    lead: 'The switch was returned by itself.',
    rest: 'No lock.',
    after: { lead: 'Next: switch again.', rest: '' },
  });
  expect(strip).toMatchObject({ outcome: 'returned', title: 'assets_1 was returned by itself' });
  expect(strip?.cells[1]).toMatchObject({ state: 'failed', detail: 'Taken back.', error: 'No lock.' });
  expect(freeze.runningSince).toBeNull();
});

it('says of an abandon what it takes back and how far it is, and offers no second one', async () => {
  const { end, state, view } = await pressed();
  const abandon = { pressId: 'abandon:1', verb: 'undo', no: 1 } as const;
  await end('done', 'smoke', abandon);
  await end('running', 'load-check', { ...abandon, state: 'queued', startedAt: null });
  for (const now of ['open', 'rolled_back'] as const) {
    await state(now);
    const { next, exit } = await view();
    expect(next).toMatchObject({ lead: `Abandoning: taking back Load check, 2 of ${gate.length}.`, act: null });
    expect(exit).toMatchObject({ act: 'abandon', disabledReason: next.lead });
  }
});

it('says of a press that is on its way back that it is, never that it stands half done', async () => {
  const { id, end, passIn, view } = await pressed();
  await passIn(pressId, 'freeze');
  await end('failed', 'fence', { pressId });
  const card = () => buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'switch' });
  await end('running', 'fence', { pressId, verb: 'undo', no: 1 });
  expect((await card()).closedReason).toBe('The switch is being taken back by itself.');
  const undo = and(eq(attempt.cutoverId, id), eq(attempt.verb, 'undo'));
  await plane.db.update(attempt).set({ state: 'done', endedAt: new Date() }).where(undo);
  await end('done', 'freeze', { pressId, verb: 'undo', no: 1 });
  expect((await view()).badge.text).toBe('ready to switch');
  expect((await card()).closedReason).not.toContain('half done');
});

it('is done when every step passed, and the freeze has its measure', async () => {
  const { state, view } = await pressed(
    'freeze',
    'fence',
    'catch-up',
    'final-diff',
    'switch',
    'verify-mode',
    'canary',
    'thaw',
  );
  await state('switched', { switchedAt: new Date(), frozenMs: 2_400 });
  const { strip, freeze } = await view();
  expect(strip).toMatchObject({ outcome: 'done', title: 'assets_1 is on POSTGRES_PRIMARY' });
  expect(freeze).toMatchObject({ text: 'was 2.4 s of 1 m', runningSince: null });
});

it('offers the rollback where the switch stopped half way, and nothing that skips', async () => {
  const { end, view } = await pressed('freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary');
  await end('failed', 'thaw', {
    pressId,
    error: { code: 'freeze_failed', message: 'No answer.', advice: 'Retry.', retry: 'now', facts: {} },
  });
  const { next, step, exit } = await view();
  expect(step.id).toBe('thaw');
  expect(exit?.act).toBe('rollback');
  expect(step.moves.map(({ act }) => act)).toContain('rollback');
  expect(next.lead).toBe('Thaw failed.');
});

/** What a step of the press left, as the worker keeps it. */
async function leave(cutoverId: string, stepId: string, name: string, value: Json): Promise<void> {
  const { attempts } = await loadCutover(plane.db, cutoverId);
  const attemptId = attempts.findLast((one) => one.stepId === stepId)?.id ?? '';
  await plane.db.insert(fact).values({ cutoverId, stepId, name, attemptId, value });
}
const second = (n: number): string => `2026-12-01T02:30:0${n}.000Z`;
const equal = { equal: '9', differing: '0', missing: '0', extra: '0' };
const heldRows = (strip: LiveStripDto | null) => strip?.held.slice(0, 3).map(({ value }) => value);

it('says who was held as the service answered, summed over the restart, and claims no loss and no count that was not read', async () => {
  const { id, end, passIn, view } = await pressed('freeze', 'fence');
  expect((await view()).strip).toMatchObject({ heldReadAt: null });
  expect(heldRows((await view()).strip)).toEqual(['not read', 'not read', 'not read']);
  await leave(id, 'freeze', 'held', { at: second(1), waiting: 4, refused: 0, ended: 0 });
  expect(heldRows((await view()).strip)).toEqual(['4', '0', 'not read']);
  await passIn(pressId, 'catch-up');
  await passIn(pressId, 'final-diff');
  await leave(id, 'final-diff', 'counts', equal);
  await passIn(pressId, 'switch');
  await leave(id, 'switch', 'held', { at: second(2), waiting: 0, refused: 1, ended: 7 });
  expect((await view()).strip?.heldReadAt).toBe(second(2));
  expect(heldRows((await view()).strip)).toEqual(['0', '8', '0']);
  await passIn(pressId, 'verify-mode');
  await leave(id, 'verify-mode', 'held', { at: second(3), waiting: 0, refused: 3, ended: null });
  expect(heldRows((await view()).strip)).toEqual(['0', 'not read', '0']);
  await end('failed', 'canary', { pressId });
  expect(heldRows((await view()).strip)?.[2]).toBe('not shown');
});

it('never says that no write is lost where the final row diff found a difference', async () => {
  const { id, end, view } = await pressed('freeze', 'fence', 'catch-up');
  await end('failed', 'final-diff', { pressId });
  await leave(id, 'final-diff', 'counts', { ...equal, missing: '2' });
  expect(heldRows((await view()).strip)?.[2]).toBe('2 rows not equal');
});

it('tells a window that was closed soon after the switch by its summary', async () => {
  const { state, view } = await pressed(
    'freeze',
    'fence',
    'catch-up',
    'final-diff',
    'switch',
    'verify-mode',
    'canary',
    'thaw',
  );
  await state('switched', { switchedAt: new Date(), frozenMs: 3_100 });
  expect((await view()).strip?.outcome).toBe('done');
  await state('closed', { endedAt: new Date() });
  expect((await view()).strip).toBeNull();
});

/** A time of this test, seconds after its beginning. */
const began = Date.now() - 300_000;
const at = (seconds: number): Date => new Date(began + seconds * 1_000);
const took = (from: number, to: number) => ({ startedAt: at(from), planMatchedAt: at(from), endedAt: at(to) });

it('counts from the freeze, its plan compared, to the thaw, also where the service has switched already', async () => {
  const { id, end, state, view } = await pressed();
  await end('running', 'freeze', { pressId, startedAt: at(0), planMatchedAt: null });
  const comparing = await view();
  expect(comparing.strip).toMatchObject({ heldFrom: null, sub: expect.stringContaining('no user is held yet') });
  expect(comparing.freeze.runningSince).toBeNull();
  const freeze = { state: 'done' as const, planMatchedAt: at(9), endedAt: at(10) };
  await plane.db
    .update(attempt)
    .set(freeze)
    .where(and(eq(attempt.cutoverId, id), eq(attempt.stepId, 'freeze')));
  for (const step of ['fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary'])
    await end('done', step, { pressId, ...took(10, 12) });
  await state('switched', { switchedAt: at(12) });
  await end('running', 'thaw', { pressId, startedAt: at(12) });
  const switched = await view();
  expect(switched.freeze).toMatchObject({ text: 'users are held', runningSince: at(9).toISOString() });
  expect(switched.strip).toMatchObject({ heldFrom: at(9).toISOString(), heldTo: null });
});

it('says how long a press that came back held users, and predicts and warns from it', async () => {
  const { id, end, passIn, view } = await pressed();
  await passIn(pressId, 'freeze', took(0, 1));
  await end('failed', 'fence', { pressId, ...took(1, 62), error: null });
  await end('done', 'fence', { pressId, verb: 'undo', no: 1, ...took(62, 63) });
  await end('done', 'freeze', { pressId, verb: 'undo', no: 1, ...took(63, 64) });
  const { freeze, next, strip } = await view();
  expect(freeze.text).toBe('held 1 m 4 s, returned of 1 m');
  // What that press itself was told to take, not what is reckoned from it.
  expect(strip?.predictedMs).toBeLessThan(60_000);
  // What was cut off takes at least as long again, and what follows it comes on top.
  expect(next.after?.rest).toMatch(
    /Users would wait about 1 m 9 s\. That is over the limit of 1 m.*raise freeze_limit_seconds/,
  );
  const card = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'switch' });
  expect(card.lines[2]).toMatchObject({
    label: 'Freeze',
    fact: expect.stringMatching(/^predicted 1 m 9 s,$/),
    detail: expect.stringMatching(/pressed before; limit 1 m\. That is over the limit/),
  });
  const list = await buildCutovers(plane.ctxOf(operator));
  expect(list.open.find((row) => row.id === id)?.frozen).toBe('1 m 4 s, returned');
});

it('reckons with what the row diff of this cutover took before anybody was held', async () => {
  const { id, view } = await pressed();
  const diff = and(eq(attempt.cutoverId, id), eq(attempt.stepId, 'row-diff'));
  await plane.db.update(attempt).set(took(0, 50)).where(diff);
  const { freeze, gate, next } = await view();
  expect(freeze.text).toBe('about 1 m 49 s of 1 m');
  expect(gate.warning).toMatch(
    /^The switch would hold users about 1 m 49 s, reckoned from the row diff.*over the limit of 1 m/,
  );
  expect(next.rest).toContain('over the limit of 1 m');
});

/** What the rollback of this cutover counted while users were held. */
async function heldLoss(id: string, rows: string, at: Date): Promise<void> {
  const back = (await loadCutover(plane.db, id)).attempts.findLast(({ stepId }) => stepId === 'rollback-switch');
  const value = { at: at.toISOString(), rows, whole: true };
  await plane.db
    .insert(fact)
    .values({ cutoverId: id, stepId: 'rollback-switch', name: 'lossUnderHold', attemptId: back?.id ?? '', value });
}

it('says of a rollback whose last step broke what has happened: pressed here, users let through, on the source', async () => {
  const { id, end, passIn, state, view, plan } = await pressed();
  for (const step of ['freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary', 'thaw'])
    await passIn(pressId, step, took(0, 1));
  await state('switched', { switchedAt: at(1), frozenMs: 2_400 });
  await plan('rollback-freeze', 'write', { ...equalDiff, extra: '119', differing: '1' });
  const back = { pressId: 'rollback:1' };
  for (const [n, step] of ['freeze', 'switch', 'unfence', 'verify', 'thaw'].entries())
    await passIn(back.pressId, `rollback-${step}`, took(10 + n, 11 + n));
  await state('rolled_back', { rolledBackAt: at(15) });
  // Users wrote on from the reading to the hold; before that is counted, the reading is the least.
  const least = await view();
  expect(least.summary?.facts).toContainEqual({
    label: 'Rows lost by the rollback',
    value: 'at least 120',
    loss: true,
  });
  expect(least.strip?.held).toContainEqual({ label: 'Acknowledged writes lost', value: 'at least 120', loss: true });
  await heldLoss(id, '131', at(11));
  await end('failed', 'rollback-smoke', { ...back, ...took(15, 16) });
  const failedPlan = { ...back, verb: 'plan' as const, pressId: null, planMatchedAt: null };
  await end('failed', 'rollback-smoke', failedPlan);
  expect((await view()).next.act).toMatchObject({ act: 'plan', stepId: 'rollback-smoke', disabledReason: null });
  await plan('rollback-smoke');
  const { summary, strip, next, step } = await view();
  expect(summary?.lines).toEqual(
    expect.arrayContaining([
      { label: 'Rolled back', text: expect.stringMatching(/^by Olga/) },
      { label: 'Users held', text: '5.0 s' },
      {
        label: 'Rows lost',
        text: expect.stringMatching(
          /^131 rows, counted under the hold, [^;]*; 120 found before the press, read .* Kept in/,
        ),
      },
    ]),
  );
  // What users lost stands on the first screen, in the colour of danger.
  expect(summary?.facts).toContainEqual({ label: 'Rows lost by the rollback', value: '131', loss: true });
  expect(strip?.held).toContainEqual({ label: 'Acknowledged writes lost', value: '131', loss: true });
  expect(strip).toMatchObject({ outcome: 'failed', ifFails: '', heldTo: at(15).toISOString() });
  expect(strip?.sub).toMatch(/^Users were let through\./);
  expect(next.act).toMatchObject({ act: 'retry', stepId: 'rollback-smoke', disabledReason: null });
  const card = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'switch', stepId: step.id });
  expect(card.title).toBe('Retry Health and minimal plugin verification of assets_1');
  expect([card.closedReason, card.lines[2]?.fact]).toEqual([null, 'none.']);
});

it('gives no all-clear after a rollback that left rows of users behind', async () => {
  const { id, passIn, state, view, plan } = await pressed();
  for (const step of ['freeze', 'fence', 'catch-up', 'final-diff', 'switch', 'verify-mode', 'canary', 'thaw'])
    await passIn(pressId, step, took(0, 1));
  await state('switched', { switchedAt: at(1), frozenMs: 2_400 });
  await plan('rollback-freeze', 'write', { ...equalDiff, extra: '119' });
  for (const step of ['freeze', 'switch', 'unfence', 'verify', 'thaw', 'smoke'])
    await passIn('rollback:1', `rollback-${step}`, { startedAt: new Date(), endedAt: new Date() });
  await state('rolled_back', { rolledBackAt: new Date() });
  const said = async () => (await view()).strip?.left;
  const where = 'written after the switch are not on SQLITE; they lie in schema sx_assets_1 of the target.';
  expect(await said()).toBe(`At least 119 rows ${where}`);
  await heldLoss(id, '131', new Date());
  expect(await said()).toBe(`131 rows ${where}`);
  await plane.db
    .update(fact)
    .set({ value: { at: second(1), rows: '0', whole: true } })
    .where(eq(fact.cutoverId, id));
  expect(await said()).toBeUndefined();
});
