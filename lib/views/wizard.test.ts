import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveReading } from '@/db/queries/profile/save-reading';
import { attempt, attemptLog, fact } from '@/db/schema';
import type { ReachReading } from '@/lib/shared/reach-reading';
import { openControlPlane, type TestControlPlane, type TestPerson } from '@/lib/testing/control-plane';
import { healthyReading } from '@/lib/testing/healthy-reading';
import { equalDiff, seedCutover } from '@/lib/testing/seed-cutover';
import { buildCutovers } from './cutovers';
import { buildDecision } from './decision';
import { buildFleet } from './fleet';
import { buildLostRows } from './lost-rows';
import { buildReviews } from './reviews';
import { buildShell } from './shell';
import { buildProfile } from './profile';
import { buildNewCutover } from './new-cutover';
import { buildWizard } from './wizard';

let plane: TestControlPlane;
let operator: TestPerson;
let reviewer: TestPerson;
let admin: TestPerson;
let close: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  plane = await openControlPlane('views');
  operator = await plane.addPerson('Olga Operator', 'operator', 'reviewer');
  reviewer = await plane.addPerson('Rafael Reviewer', 'reviewer');
  admin = await plane.addPerson('Ada Admin', 'admin');
});
afterAll(() => plane.close());

const safety = ['preflight', 'snapshot-source', 'export-userdata', 'snapshot-target', 'baseline', 'bootstrap'];
const beforeGate = [...safety, 'import', 'row-diff', 'load-check', 'smoke'];
/** One open cutover a profile: each test closes the one before. */
async function seed(sourceId = 'assets_1') {
  for (const end of close) await end();
  const seeded = await seedCutover(plane, operator, sourceId);
  close = [() => seeded.state('abandoned')];
  return seeded;
}

it('ready: names the next step, how long and what is written, with the one button', async () => {
  const { id, plan } = await seed();
  await plan('preflight', 'read');
  const view = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
  expect(view.next).toMatchObject({
    lead: 'Next: run preflight.',
    rest: 'About 15 s. Nothing is written.',
    waiting: null,
    stepId: 'preflight',
  });
  expect(view.next.act).toMatchObject({
    act: 'run',
    label: 'Run preflight',
    disabledReason: null,
    card: false,
    planDigest: 'plan-preflight',
    seenAttempt: null,
  });
  expect(view.badge).toEqual({ glyph: 'ready', text: 'planned' });
  expect(view.wayBack).toEqual({ light: 'none', text: 'No way back for new writes' });
  expect(view.exit).toMatchObject({ act: 'abandon', label: 'Abandon…', card: true });
  expect(view.gate).toMatchObject({ title: 'Gate to switch', held: 0, of: 11 });
  expect(view.phases.map(({ tLabel, title }) => `${tLabel} ${title}`)).toEqual([
    'T-40m Prepare',
    'T-30m Safety',
    'T-20m Bootstrap',
    'T-15m Load',
    'T-10m Smoke',
    'T-0 Switch',
    'T+10m Watch',
    'T+30m Close',
    ' Roll back to SQLITE',
    ' Roll back the data',
  ]);
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
});

it('ready for another role: the button stays and gives the reason', async () => {
  const { id, plan } = await seed();
  await plan('preflight');
  const view = await buildWizard(plane.ctxOf(reviewer), { cutoverId: id });
  expect(view.next.act).toMatchObject({
    label: 'Run preflight',
    disabledReason: 'Takes the role operator; you are reviewer.',
  });
});

it('running: what moves now, what comes next and why its button waits', async () => {
  const { id, pass, end, state } = await seed();
  await state('open');
  await pass(...safety);
  const startedAt = new Date(Date.now() - 10_000);
  await end('running', 'import', {
    startedAt,
    worker: 'w1',
    progress: {
      unit: 'rows',
      done: 79,
      total: 100,
      perSecond: 7,
      at: new Date().toISOString(),
      startedAt: startedAt.toISOString(),
    },
  });
  const view = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
  expect(view.next.lead).toBe('Now: import.');
  expect(view.next.after).toMatchObject({ lead: 'Next: run row diff.', rest: expect.stringMatching(/^About 15 s\./) });
  expect(view.next).toMatchObject({ fraction: 0.79, stepId: 'import', live: { progress: { done: 79, perSecond: 7 } } });
  expect(view.next.act).toMatchObject({
    label: 'Run row diff',
    disabledReason: expect.stringMatching(/^Waits for import/),
  });
  expect(view.step).toMatchObject({ id: 'import', status: 'running', running: true, index: 7 });
  expect(view.logAttemptId).toBe(view.step.attemptsList[0]?.id);
  const fleet = await buildFleet(plane.ctxOf(operator));
  expect(fleet.rows.find(({ sourceId }) => sourceId === 'assets_1')?.status).toMatchObject({
    glyph: 'running',
    headline: 'Load, 79 %',
    detail: expect.stringMatching(/^Now: import\. About 3 s left\. Next: run row diff\./),
  });
});

it('offers rules for findings to an operator only, and none once the cutover has ended', async () => {
  const { id, state } = await seed();
  const rulesFor = async (person: TestPerson) => (await buildWizard(plane.ctxOf(person), { cutoverId: id })).rules;
  expect([await rulesFor(operator), await rulesFor(reviewer)]).toEqual(['open', 'not-yours']);
  await state('abandoned');
  expect([await rulesFor(operator), await rulesFor(reviewer)]).toEqual(['settled', 'settled']);
});

it('failed: cause, last lines and only safe moves, recommended first', async () => {
  const { id, pass, fail, state } = await seed();
  await state('open');
  await pass(...safety);
  await fail('import');
  const view = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
  expect(view.badge).toEqual({ glyph: 'failed', text: 'step failed' });
  expect(view.next.lead).toBe('Import failed.');
  expect(view.next.rest).toContain('does not fit the target column hearts.');
  expect(view.step.attemptsList[0]?.tail.map(({ text }) => text)).toEqual(['line 1', 'line 2']);
  // What passed before says nothing of a failure: where a line says what is wrong, only such lines are shown.
  for (const [text, level] of [
    ['line 1', 'error'],
    ['line 2', 'info'],
  ] as const)
    await plane.db.update(attemptLog).set({ level }).where(eq(attemptLog.text, text));
  const wrong = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
  expect(wrong.step.attemptsList[0]?.tail.map(({ text }) => text)).toEqual(['line 1']);
  expect(view.step.attemptsList[0]?.error).toMatchObject({ code: 'value_out_of_range' });
  expect(view.step.moves.map(({ act }) => act)).toEqual(['retry', 'abandon']);
  expect(view.phases.flatMap(({ steps }) => steps).find(({ id: step }) => step === 'row-diff')?.status).toBe('locked');
});

describe('waiting for a sign-off', () => {
  it('reviews show claim, evidence, what is covered, and one own work with its reason', async () => {
    const { id, pass, state } = await seed();
    await state('open');
    await pass(...beforeGate);
    const mine = await buildReviews(plane.ctxOf(operator), {});
    const theirs = await buildReviews(plane.ctxOf(reviewer), {});
    expect(theirs.items[0]).toMatchObject({
      cutoverId: id,
      stepId: 'sign-off',
      gate: 'Sign off the switch',
      blocks: 'blocks the switch',
      mine: true,
      done: null,
    });
    expect(mine.items[0]?.mine).toBe(false);
    expect(theirs.selected).toMatchObject({
      claim: 'Row diff equal: 206,853 rows, 1 table, 0 not compared',
      claimStatus: 'passed',
      changed: null,
      own: null,
      unlocks: 'Unlocks **Switch**. You ran no step of this cutover.',
    });
    expect(theirs.selected?.checkpoints).toHaveLength(beforeGate.length);
    expect(theirs.selected?.signOff.disabledReason).toBeNull();
    expect(mine.selected?.own).toBe('You ran preflight and 9 more steps, so you cannot sign. One other can.');
    expect(mine.selected?.signOff.disabledReason).toBe(mine.selected?.own);
    expect((await buildShell(plane.ctxOf(reviewer))).inboxCount).toBe(1);
    const view = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
    expect(view.badge).toEqual({ glyph: 'waiting', text: 'waits for sign-off' });
    expect(view.next.lead).toBe("Waits for a reviewer's sign-off.");
    expect(view.gate).toMatchObject({
      held: 10,
      of: 11,
      waitingFor: "Waiting for a reviewer's sign-off",
      waitingSince: expect.any(String),
      reviewLink: `/reviews?cutover=${id}&step=sign-off`,
      remind: { stepId: 'sign-off', disabledReason: null, againAt: null },
    });
  });
});

it('decision card: five lines in their order, checks, and closed until its gate holds', async () => {
  const { id, plan, pass, state } = await seed();
  await state('open');
  await pass(...beforeGate);
  const card = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'switch' });
  expect(card).toMatchObject({
    title: 'Switch assets_1 to POSTGRES_PRIMARY',
    typedId: 'assets_1',
    button: 'Switch now',
    passwordNeeded: false,
  });
  expect(card.lines.map(({ label }) => label)).toEqual(['Does', 'Affects', 'Freeze', 'Undo', 'If it fails']);
  expect(card.lines[4]).toMatchObject({ fact: 'returns to SQLITE by itself' });
  expect(card.closedReason).toContain('sign off the switch');
  expect(card.checks.find(({ text }) => text === 'Service healthy')).toMatchObject({
    status: 'unknown',
    detail: 'never read',
  });
  await plan('rollback-freeze', 'write', {
    ...equalDiff,
    extra: '36',
    differing: '1',
    sample: [
      {
        table: 'user_meta',
        key: '7290114873',
        kind: 'differing',
        cells: [{ column: 'rating', source: { text: '4', type: 'integer' }, target: { text: '5', type: 'integer' } }],
      },
    ],
  });
  await state('switched', { switchedAt: new Date(), frozenMs: 3_100 });
  const losing = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'rollback' });
  expect(losing).toMatchObject({
    title: 'Roll back assets_1 to SQLITE',
    button: 'Roll back now, lose 37 rows',
    losing: true,
    loss: { count: '37' },
  });
  expect(losing.loss?.rows).toEqual([
    { table: 'user_meta', key: '7290114873', column: 'rating', kind: 'differing', from: '4', to: '5', more: 0 },
  ]);
  expect(losing.closedReason).toMatch(/second person/);
  expect(losing.lines[3]).toMatchObject({ label: 'Undo', loss: true });
  expect(await buildLostRows(plane.ctxOf(admin), { cutoverId: id })).toMatchObject({ count: '37' });
});

it('the card of a switch tells how target and disk answered just now, and an old answer is unknown', async () => {
  const { id, plan, pass, state } = await seed();
  await state('open');
  await pass(...beforeGate, 'sign-off');
  await plan('freeze', 'write');
  const read = (reach: Partial<ReachReading>) =>
    saveReading(plane.db, {
      ...healthyReading,
      reach: { at: new Date().toISOString(), targetMs: 3, targetProblem: null, freeBytes: '41000000000', ...reach },
      at: new Date(),
    });
  const card = async () => {
    const { checks } = await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'switch' });
    const of = (text: string) => checks.find((check) => check.text === text);
    return { target: of('Target reachable'), disk: of('Disk for fence') };
  };
  await read({});
  expect(await card()).toMatchObject({
    target: { status: 'passed', detail: '3 ms' },
    disk: { status: 'passed', detail: '41 GB free' },
  });
  await read({ targetMs: null, targetProblem: 'Connection refused.' });
  expect(await card()).toMatchObject({ target: { status: 'failed', detail: 'Connection refused.' } });
  await read({ freeBytes: '1000' });
  expect((await card()).disk).toMatchObject({ status: 'failed', detail: '1 kB free' });
  await read({ at: new Date(Date.now() - 60_000).toISOString() });
  expect(await card()).toMatchObject({ target: { status: 'unknown', detail: 'last read 1 min ago' } });
});

it('switched: rollback in the header, gate to close, freeze as it was', async () => {
  const { id, pass, state } = await seed();
  await state('switched', { switchedAt: new Date(), openedAt: new Date(), frozenMs: 3_100 });
  await pass(...beforeGate);
  const view = await buildWizard(plane.ctxOf(operator), { cutoverId: id });
  expect(view).toMatchObject({
    lateText: 'frozen 3.1 s',
    freeze: { text: 'was 3.1 s of 1 m', actualMs: 3_100 },
    exit: { act: 'rollback', label: 'Roll back…', card: true },
  });
  expect(view.gate.title).toBe('Gate to close');
  expect(view.undoable).toContain('drops what was written since the switch');
  expect((await buildDecision(plane.ctxOf(operator), { cutoverId: id, act: 'rollback' })).sub).toContain(
    'This runbook cannot carry rows written since the switch back: they exist only in the target.',
  );
  const list = await buildCutovers(plane.ctxOf(operator));
  expect(list.open).toMatchObject([{ id, t0: view.t0 }]);
});

it('says where what users wrote is after the data rollback, before it, in both cards and once it is abandoned', async () => {
  const { id, pass, passIn, end, state, plan } = await seed();
  const at = new Date();
  await pass(...beforeGate, 'thaw');
  await state('rolled_back', { switchedAt: at, openedAt: at, rolledBackAt: at });
  const ctx = plane.ctxOf(operator);
  const decide = async (act: 'data-rollback' | 'abandon') => {
    const { lines } = await buildDecision(ctx, { cutoverId: id, act });
    return lines.map(({ fact: said, detail }) => `${said} ${detail}`).join('\n');
  };
  const lossy = { ...equalDiff, extra: '3' };
  await plan('rollback-freeze', 'write', lossy);
  await passIn('rollback:1', 'rollback-freeze');
  const tell = async (stepId: string, name: string, value: string | boolean | Record<string, string>) => {
    const attemptId = await end('done', stepId, { pressId: 'data-rollback:1' });
    await plane.db.insert(fact).values({ cutoverId: id, stepId, name, attemptId, value });
  };
  await plane.db.insert(fact).values({
    cutoverId: id,
    stepId: 'snapshot-target',
    name: 'absent',
    attemptId: await end('done', 'snapshot-target'),
    value: true,
  });
  await pass('snapshot-target');
  expect(await decide('data-rollback')).toContain(
    'what is there now is set aside. It goes into a schema of its own, cutover_aside_…, until a later cutover of this profile closes. Abandon leaves it there.',
  );
  await tell('data-snapshot', 'rows', { videos: '206856', user_meta: '10' });
  const aside = 'cutover_aside_0123456789abcdef';
  await tell('restore', 'aside', aside);
  for (const stepId of ['data-snapshot', 'restore', 'mapping-check', 'rebootstrap'])
    await passIn('data-rollback:1', stepId);

  const where = `schema ${aside} of the target, 206,866 rows, until a later cutover of this profile closes.`;
  const copy = 'A copy of it is among the Snapshots of the profile, until 30 days after the end of this cutover.';
  const back = await buildWizard(ctx, { cutoverId: id });
  const line = (view: typeof back, label: string) =>
    view.summary?.lines.find((one) => one.label === label)?.text ?? null;
  expect(line(back, 'Rows lost')).toMatch(
    /^at least 3 rows, not counted under the hold; 3 found before the press, read /,
  );
  expect(line(back, 'Rows lost')).toContain(`Kept in schema ${aside}.`);
  expect(line(back, 'Set aside')).toBe(`What was there is in ${where} ${copy}`);
  const emptied =
    'Schema sx_assets_1 is empty again: set aside, and made anew after that (Re-bootstrap what is missing or invalid), since the snapshot holds none of it.';
  expect(line(back, 'Target')).toBe(emptied);
  expect(back.next.rest).toContain(emptied);
  expect(line(back, 'Next')).toBe('Abandon frees the profile for a new cutover. What was set aside stays there.');
  expect(back.undoable).toContain(where);

  const card = await decide('abandon');
  expect(card).toContain(`stay in the target schema ${aside}, which was set aside, and the empty ledger`);
  expect(card).toContain(`SQLITE does not hold what users wrote to the target. It is in ${where} ${copy}`);
  expect(card).not.toContain('The source keeps every row');

  await state('abandoned', { rolledBackAt: at, endedAt: at });
  const left = await buildWizard(ctx, { cutoverId: id });
  expect(left.next.rest).toContain('It was rolled back: assets_1 is on SQLITE again.');
  for (const text of [left.next.rest, left.undoable, line(left, 'Set aside')]) expect(text).toContain(where);
  // Whoever plans the next cutover of the profile finds it too, with the cutover that left it.
  const key = { system: 'sx', sourceId: 'assets_1' };
  const planned = (await buildNewCutover(ctx)).profiles.find(({ sourceId }) => sourceId === key.sourceId);
  for (const aside of [(await buildProfile(ctx, key)).leftAside, planned?.leftAside])
    expect(aside).toMatchObject({ cutoverId: id, text: expect.stringContaining(where) });
  expect(left.summary?.headline).toBe('Abandoned after a rollback; assets_1 is on SQLITE again.');
  expect(left.summary?.facts).toContainEqual({ label: 'Rows lost by the rollback', value: 'at least 3', loss: true });
  expect([line(left, 'Target'), line(left, 'Next')]).toEqual([null, null]);
});

it('abandoned: opens at the step that ran last, and says that the loaded rows were dropped', async () => {
  const { id, pass, end, state } = await seed('assets_2');
  const ctx = plane.ctxOf(operator);
  await state('open');
  await pass(...safety);
  const moment = new Date().toISOString();
  const progress = { unit: 'rows' as const, done: 30_354, total: 30_354, at: moment, startedAt: moment };
  await pass('import');
  await plane.db
    .update(attempt)
    .set({ progress })
    .where(and(eq(attempt.cutoverId, id), eq(attempt.stepId, 'import')));
  await pass('row-diff');
  await state('abandoned', { endedAt: new Date() });
  const loaded = async () =>
    (await buildWizard(ctx, { cutoverId: id })).summary?.facts.filter(({ value }) => value === '30,354');
  expect(await loaded()).toEqual([{ label: 'Rows loaded', value: '30,354' }]);
  for (const stepId of ['import', 'bootstrap']) await end('done', stepId, { verb: 'undo', pressId: 'abandon:1' });
  expect(await loaded()).toEqual([{ label: 'Rows loaded, then dropped', value: '30,354' }]);
  const view = await buildWizard(ctx, { cutoverId: id });
  expect([view.step.id, view.currentStepId, view.badge.text]).toEqual(['row-diff', 'row-diff', 'abandoned']);
});
