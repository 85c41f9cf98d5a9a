import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { inTx } from '@/db/tx';
import { abandonCutover } from '@/lib/cutover/abandon-cutover';
import { addAttempt } from '@/lib/cutover/new-attempt';
import { cancelAttempt } from '@/lib/cutover/cancel-attempt';
import { deriveSteps, stepOf } from '@/lib/cutover/derive-steps';
import { makePlan } from '@/lib/cutover/make-plan';
import type { CutoverRows } from '@/lib/cutover/rows';
import { runStep } from '@/lib/cutover/run-step';
import { walkRunbook } from '@/lib/cutover/walk-runbook';
import { testEngine, type Engine } from './testing/engine';

const jobs = async (engine: Engine): Promise<number> =>
  Number((await engine.db.execute<{ count: string }>(sql`select count(*) from graphile_worker.jobs`)).rows[0]?.count);
const ran = (engine: Engine, verb = 'ran'): string[] =>
  engine
    .journal()
    .filter((line) => line.startsWith(`${verb} `))
    .map((line) => line.split(' ')[1] ?? '');
const nonPlan = (engine: Engine, id: string) =>
  engine.rows(id).then(({ attempts }) => attempts.filter(({ verb }) => verb !== 'plan'));

describe('a press', () => {
  it('leaves neither attempt nor job when its transaction is rolled back', async () => {
    const engine = await testEngine();
    const id = await engine.plan();
    const before = await jobs(engine);
    await inTx(engine.db, async (tx) => {
      const rows = await engine.rows(id);
      const place = walkRunbook(rows.runbook).find(({ step }) => step.id === 'import');
      if (place) await addAttempt(tx, rows.cutover, { verb: 'run', place, requestedBy: 'olga' });
      throw new Error('rolled back');
    }).catch(() => undefined);
    expect(await jobs(engine)).toBe(before);
    expect(await nonPlan(engine, id)).toEqual([]);
  });

  it('makes one attempt of two clicks, and tells a second operator who was first', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    engine.arm('step:preflight', 'block');
    const rows = await engine.until(id, ({ plans }) => plans.length > 0, 'a plan');
    await engine.until(id, (_, steps) => !stepOf(steps, 'preflight')?.live, 'the plan to end');
    const input = { cutoverId: id, stepId: 'preflight', planDigest: rows.plans[0]?.digest };
    const press = (key: string, ctx = engine.operator) => runStep({ ctx, input: { ...input, key } });
    const other = { ...engine.operator, actor: { id: 'otto', name: 'otto', roles: ['operator' as const] } };
    const [first, again, second, stolen] = await Promise.allSettled([
      press('k1'),
      press('k1'),
      press('k2', other),
      press('k1', other),
    ]);
    expect([first, again, second, stolen].filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(
      1,
    );
    await expect(press('k3', other)).rejects.toMatchObject({
      code: 'step_running',
      message: expect.stringMatching(/olga|otto/),
    });
    expect(await nonPlan(engine, id)).toHaveLength(1);
    engine.release('step:preflight');
    await engine.until(id, (_, steps) => stepOf(steps, 'preflight')?.status === 'passed', 'passed');
    expect(ran(engine)).toEqual(['preflight']);
    // A page that lags still offers the run, with the plan it saw: the step passed and is not run again.
    for (const seenAttempt of [null, 'older'])
      await expect(
        runStep({ ctx: engine.operator, input: { ...input, key: 'k4', seenAttempt } }),
      ).rejects.toMatchObject({
        code: 'ran_since',
        message: expect.stringMatching(/^Preflight was run at \d\d:\d\d:\d\d UTC by (olga|otto), /),
        retry: 'later',
      });
    const [own] = await nonPlan(engine, id);
    expect(await nonPlan(engine, id)).toHaveLength(1);
    await runStep({ ctx: engine.operator, input: { ...input, key: 'k5', seenAttempt: own?.id ?? null } });
    await engine.until(id, (_, steps) => stepOf(steps, 'preflight')?.attempt?.no === 2, 'run again by who saw it');
  });

  it('is refused when the plan has changed since, by verb and by worker', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.until(id, ({ plans }) => plans.length > 0, 'a plan');
    await expect(
      runStep({ ctx: engine.operator, input: { cutoverId: id, stepId: 'preflight', planDigest: 'other' } }),
    ).rejects.toMatchObject({ code: 'plan_changed' });
    engine.tell('plan-preflight', 'something else');
    await engine.press(id, 'preflight');
    const rows = await engine.until(id, (_, steps) => stepOf(steps, 'preflight')?.status === 'failed', 'failed');
    expect(rows.attempts.find(({ verb }) => verb === 'run')?.error?.code).toBe('plan_changed');
    expect(ran(engine, 'run')).toEqual([]);
  });
});

describe('the gate', () => {
  it('holds for every step in every state when its verb is called directly', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    const refusedNow = async (open: string[]) => {
      await engine.until(
        id,
        ({ attempts }) => !attempts.some(({ state }) => ['queued', 'running', 'checking'].includes(state)),
        'quiet',
      );
      const { runbook } = await engine.rows(id);
      for (const { step } of walkRunbook(runbook)) {
        if (open.includes(step.id)) continue;
        const { plan } = await engine.step(id, step.id);
        await expect(
          runStep({
            ctx: engine.operator,
            input: { cutoverId: id, stepId: step.id, planDigest: plan?.digest ?? 'x', typedId: 'a' },
          }),
          step.id,
        ).rejects.toMatchObject({ code: expect.stringMatching(/gate_closed|state_forbids/) });
      }
    };
    await refusedNow(['preflight']);
    await engine.pass(id, 'preflight');
    await refusedNow(['preflight', 'import']);
    await engine.pass(id, 'import');
    await engine.pass(id, 'row-diff');
    await refusedNow(['preflight', 'import', 'row-diff']);
    await engine.sign(id);
    await refusedNow(['preflight', 'import', 'row-diff', 'freeze']);
    await engine.press(id, 'freeze');
    await engine.until(id, (_, steps) => stepOf(steps, 'thaw')?.status === 'passed', 'switched');
    await refusedNow(['look']);
  });

  it('is asked again by the worker, which runs nothing behind a closed one', async () => {
    const engine = await testEngine();
    const id = await engine.plan();
    await inTx(engine.db, async (tx) => {
      const rows = await engine.rows(id);
      const place = walkRunbook(rows.runbook).find(({ step }) => step.id === 'import');
      if (place) await addAttempt(tx, rows.cutover, { verb: 'run', place, requestedBy: 'olga' });
    });
    await engine.startHere();
    const rows = await engine.until(
      id,
      ({ attempts }) => attempts.some(({ verb, state }) => verb === 'run' && state === 'failed'),
      'refused',
    );
    expect(rows.attempts.find(({ verb }) => verb === 'run')?.error?.code).toBe('gate_closed');
    expect(ran(engine, 'run')).toEqual([]);
  });
});

describe('plans', () => {
  it('of one cutover are made by one process; its death ends one plan, and no other cutover notices', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const [a, b] = [await engine.plan('a'), await engine.plan('b')];
    await engine.pass(a, 'preflight');
    await engine.until(a, (_, steps) => stepOf(steps, 'import')?.plan != null, 'the next plan');
    await engine.until(b, (_, steps) => stepOf(steps, 'preflight')?.plan != null, 'its own plan');
    const planned = readFileSync(path.join(engine.home, 'planned'), 'utf8').trim().split('\n');
    const pidsOf = (id: string, step: string) =>
      planned.filter((line) => line.startsWith(`${step} ${id} `)).map((line) => line.split(' ')[2]);
    // The first is the plan; the second was made again by the attempt that ran, in a process of its own.
    const [first, again] = pidsOf(a, 'preflight');
    expect(pidsOf(a, 'import')).toEqual([first]);
    expect(again).not.toBe(first);
    expect(pidsOf(b, 'preflight')).not.toContain(first);
    engine.tell('plan-die-import');
    await makePlan({ ctx: engine.operator, input: { cutoverId: a, stepId: 'import' } });
    const died = await engine.until(a, (_, steps) => stepOf(steps, 'import')?.planAttempt?.state === 'failed', 'died');
    expect(died.attempts.findLast(({ verb }) => verb === 'plan')?.error?.code).toBe('child_died');
    engine.untell('plan-die-import');
    await makePlan({ ctx: engine.operator, input: { cutoverId: a, stepId: 'import' } });
    await engine.until(a, (_, steps) => stepOf(steps, 'import')?.planAttempt?.state === 'done', 'planned again');
  });
});

describe('a plan', () => {
  it('that hangs ends in its own time, says so, and may be made again', async () => {
    const engine = await testEngine();
    engine.tell('plan-hang-preflight');
    const id = await engine.plan();
    await engine.db.execute(
      sql`update cutover set runbook = jsonb_set(runbook, '{phases,0,steps,0,plan_limit_seconds}', '1')`,
    );
    await engine.startHere();
    const failed = await engine.until(
      id,
      (_, steps) => stepOf(steps, 'preflight')?.planAttempt?.state === 'failed',
      'ended',
    );
    expect(failed.attempts[0]?.error).toMatchObject({
      code: 'deadline_passed',
      message: 'Preflight: its plan was not made within 1 s and was ended; it had changed nothing.',
      advice: expect.stringContaining('Make the plan again.'),
      facts: { stepId: 'preflight', limitMs: 1_000 },
    });
    const { acts } = await engine.step(id, 'preflight');
    expect(acts.find(({ act }) => act === 'run')?.refused?.code).toBe('plan_missing');
    expect(acts.find(({ act }) => act === 'plan')?.refused).toBe(null);
    engine.untell('plan-hang-preflight');
    await makePlan({ ctx: engine.operator, input: { cutoverId: id, stepId: 'preflight' } });
    await engine.until(id, (_, steps) => Boolean(stepOf(steps, 'preflight')?.plan), 'planned again');
  });
});

describe('an attempt', () => {
  it('ends on cancel, and its retry resumes with what the step kept', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    engine.tell('hang-preflight');
    const attemptId = await engine.press(id, 'preflight');
    await engine.until(
      id,
      ({ attempts }) => attempts.some((attempt) => attempt.id === attemptId && attempt.progress !== null),
      'running',
    );
    await cancelAttempt({ ctx: engine.operator, input: { cutoverId: id, attemptId } });
    await engine.until(
      id,
      ({ attempts }) => attempts.find((attempt) => attempt.id === attemptId)?.state === 'cancelled',
      'cancelled',
    );
    engine.untell('hang-preflight');
    await engine.pass(id, 'preflight');
    const state = await engine.db.execute<{ value: number }>(sql`select value from step_state where name = 'tries'`);
    expect(state.rows[0]?.value).toBe(2);
  });

  it('ends at its limit, named as such', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.db.execute(
      sql`update cutover set runbook = jsonb_set(runbook, '{phases,0,steps,0,limit_seconds}', '1')`,
    );
    engine.tell('hang-preflight');
    await engine.press(id, 'preflight');
    const rows = await engine.until(id, (_, steps) => stepOf(steps, 'preflight')?.status === 'failed', 'late');
    expect(rows.attempts.find(({ verb }) => verb === 'run')?.error?.code).toBe('deadline_passed');
  });

  it('fails alone when its process dies, and says so', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    engine.tell('die-preflight');
    await engine.press(id, 'preflight');
    const rows = await engine.until(id, (_, steps) => stepOf(steps, 'preflight')?.status === 'failed', 'dead');
    expect(rows.attempts.find(({ verb }) => verb === 'run')?.error).toMatchObject({
      code: 'child_died',
      facts: { signal: 'SIGKILL' },
    });
    engine.untell('die-preflight');
    await engine.pass(id, 'preflight');
  });

  it('makes later steps stale when an earlier one runs again', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    expect((await engine.step(id, 'sign-off')).status).toBe('passed');
    engine.tell('state-import', 'another copy');
    await engine.pass(id, 'import');
    expect(await engine.step(id, 'row-diff')).toMatchObject({
      status: 'stale',
      reason: expect.stringContaining('ran again'),
    });
    expect((await engine.step(id, 'freeze')).gate.open).toBe(false);
    await engine.pass(id, 'row-diff');
    expect((await engine.step(id, 'sign-off')).status).toBe('passed');
    engine.tell('state-row-diff', 'another result');
    await engine.pass(id, 'row-diff');
    expect(await engine.step(id, 'sign-off')).toMatchObject({
      status: 'stale',
      reason: expect.stringContaining('state'),
    });
  });
});

describe('the switch sequence', () => {
  it('returns by itself in reverse order when a step fails before users are let through', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    engine.tell('differ-canary');
    await engine.press(id, 'freeze');
    const rows = await engine.until(
      id,
      ({ attempts }) =>
        attempts.some(({ stepId, verb, state }) => stepId === 'freeze' && verb === 'undo' && state === 'done'),
      'returned',
    );
    expect(ran(engine, 'undo')).toEqual(['canary', 'switch', 'freeze']);
    expect(rows.cutover).toMatchObject({ state: 'open', switchedAt: null });
    expect((await engine.step(id, 'canary')).status).toBe('failed');
    engine.untell('differ-canary');
    await engine.press(id, 'freeze');
    await engine.until(
      id,
      ({ cutover }, steps) => cutover.state === 'switched' && stepOf(steps, 'thaw')?.status === 'passed',
      'switched at last',
    );
  });

  it('returns when users were held for as long as the runbook allows, whatever the steps may still take', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    await engine.db.execute(sql`update cutover set runbook = jsonb_set(runbook, '{freeze_limit_seconds}', '2')`);
    engine.tell('hang-canary');
    await engine.press(id, 'freeze');
    const undone = ({ attempts }: CutoverRows) =>
      attempts.some(({ stepId, verb, state }) => stepId === 'freeze' && verb === 'undo' && state === 'done');
    const { attempts, cutover } = await engine.until(id, undone, 'returned');
    const late = attempts.find(({ error }) => error !== null);
    expect(late?.error).toMatchObject({
      code: 'freeze_limit_passed',
      message: expect.stringContaining('held for 2 s'),
    });
    expect(ran(engine, 'undo').at(-1)).toBe('freeze');
    expect(cutover).toMatchObject({ state: 'open', switchedAt: null });
  });

  it('stops where it stands when taking the switch back fails, and offers only the rollback', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    engine.tell('differ-canary');
    engine.tell('undo-fail-switch');
    await engine.press(id, 'freeze');
    await engine.until(
      id,
      ({ attempts }) =>
        attempts.some(({ stepId, verb, state }) => stepId === 'switch' && verb === 'undo' && state === 'failed'),
      'stuck',
    );
    expect(ran(engine, 'undo')).toEqual(['canary', 'switch']);
    const { acts } = await engine.step(id, 'freeze');
    expect(acts.find(({ act }) => act === 'retry')?.refused?.code).toMatch(/state_forbids/);
  });
});

describe('abandon', () => {
  it('takes back what was put in place, newest first, and frees the profile', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await expect(engine.plan()).rejects.toMatchObject({ code: 'cutover_open_already' });
    await engine.pass(id, 'preflight');
    await engine.pass(id, 'import');
    await engine.until(
      id,
      ({ attempts }) => !attempts.some(({ state }) => ['queued', 'running', 'checking'].includes(state)),
      'quiet',
    );
    await abandonCutover({ ctx: engine.operator, input: { cutoverId: id, typedId: 'a' } });
    await engine.until(id, ({ cutover }) => cutover.state === 'abandoned', 'abandoned');
    expect(ran(engine, 'undo')).toEqual(['import', 'preflight']);
    expect(deriveSteps(await engine.rows(id)).some(({ gate }) => gate.open)).toBe(false);
    await engine.plan();
  });
});
