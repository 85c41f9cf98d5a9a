import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { auditEntry } from '@/db/schema';
import { confirmSecondPerson } from '@/lib/cutover/confirm-second-person';
import { deriveSteps, stepOf, type DerivedStep } from '@/lib/cutover/derive-steps';
import { rollBack } from '@/lib/cutover/roll-back';
import { runStep } from '@/lib/cutover/run-step';
import { groupDigest } from '@/lib/cutover/switch-group';
import { testEngine, type Engine } from './testing/engine';

/** Two profiles behind one process, each at its gate with the plan of its switch made. */
async function atTheirGate(engine: Engine): Promise<[string, string]> {
  await engine.startHere();
  const [c, d] = [await engine.plan('c'), await engine.plan('d')];
  for (const id of [c, d]) await engine.walkToSwitch(id);
  for (const id of [c, d])
    await engine.until(
      id,
      (_, steps) => Boolean(stepOf(steps, 'freeze')?.plan && !stepOf(steps, 'freeze')?.live),
      'a plan',
    );
  return [c, d];
}
const digestOf = async (engine: Engine, ids: string[], stepId: string): Promise<string> => {
  const plans = await Promise.all(
    ids.map(async (id) => ({
      sourceId: (await engine.rows(id)).cutover.sourceId,
      digest: (await engine.step(id, stepId)).plan?.digest ?? null,
    })),
  );
  return groupDigest(plans) ?? '';
};
const pressSwitch = async (engine: Engine, ids: [string, string]) =>
  runStep({
    ctx: engine.operator,
    input: { cutoverId: ids[1], stepId: 'freeze', planDigest: await digestOf(engine, ids, 'freeze'), typedId: 'd' },
  });
/** Steps in the order in which they were done, each with the profile it was done for. */
const walked = async (engine: Engine, verb: string, ids: string[]): Promise<string[]> => {
  const owners = new Map<string, string>();
  for (const id of ids)
    for (const { id: attemptId } of (await engine.rows(id)).attempts)
      owners.set(attemptId, (await engine.rows(id)).cutover.sourceId);
  return engine
    .journal()
    .map((line) => line.split(' '))
    .filter(([word]) => word === verb)
    .map(([, step, attemptId]) => `${owners.get(attemptId ?? '')} ${step}`);
};
const states = async (engine: Engine, ids: string[]) =>
  Promise.all(ids.map(async (id) => (await engine.rows(id)).cutover.state));

describe('profiles behind one process', () => {
  it('are switched by one press or not at all, each step for every one of them, and go back together', async () => {
    const engine = await testEngine();
    const ids = await atTheirGate(engine);
    const [c, d] = ids;
    await expect(
      runStep({
        ctx: engine.operator,
        input: {
          cutoverId: d,
          stepId: 'freeze',
          planDigest: (await engine.step(d, 'freeze')).plan?.digest ?? '',
          typedId: 'd',
        },
      }),
    ).rejects.toMatchObject({ code: 'plan_changed' });
    await pressSwitch(engine, ids);
    for (const id of ids)
      await engine.until(
        id,
        ({ cutover }, steps) => cutover.state === 'switched' && stepOf(steps, 'thaw')?.status === 'passed',
        'switched',
      );
    expect((await walked(engine, 'ran', ids)).slice(-8)).toEqual(
      ['freeze', 'switch', 'canary', 'thaw'].flatMap((step) => [`c ${step}`, `d ${step}`]),
    );
    const [first, second] = await Promise.all(ids.map((id) => engine.rows(id)));
    expect(first?.cutover.switchGroup).toBe(second?.cutover.switchGroup);
    expect(first?.cutover.frozenMs).toBe(second?.cutover.frozenMs);
    for (const id of ids)
      await engine.until(id, (_, steps) => stepOf(steps, 'back-freeze')?.plan != null, 'a plan back');
    const planDigest = await digestOf(engine, ids, 'back-freeze');
    const input = { cutoverId: c, kind: 'runtime' as const, planDigest, typedId: 'c' };
    await expect(rollBack({ ctx: engine.operator, input })).rejects.toMatchObject({ code: 'second_person_needed' });
    await confirmSecondPerson({ ctx: engine.reviewer, input: { cutoverId: c, act: 'rollback', planDigest } });
    await rollBack({ ctx: engine.operator, input });
    for (const id of ids)
      await engine.until(
        id,
        ({ cutover }, steps) => cutover.state === 'rolled_back' && stepOf(steps, 'back-look')?.status === 'passed',
        'back',
      );
    expect((await walked(engine, 'ran', ids)).slice(-8)).toEqual(
      ['back-freeze', 'back-switch', 'back-thaw', 'back-look'].flatMap((step) => [`c ${step}`, `d ${step}`]),
    );
    const acts = (await engine.db.select().from(auditEntry)).filter(({ act }) => act === 'roll-back');
    expect(acts.map(({ sourceId }) => sourceId).sort()).toEqual(['c', 'd']);
  }, 120_000);

  it('return together when one of them fails, also those that had done their step, and may be pressed again', async () => {
    const engine = await testEngine();
    const ids = await atTheirGate(engine);
    engine.tell('differ-canary');
    await pressSwitch(engine, ids);
    for (const id of ids)
      await engine.until(
        id,
        ({ cutover, attempts }) =>
          cutover.switchGroup === null &&
          cutover.state === 'open' &&
          attempts.filter(({ verb }) => verb === 'undo').length >= 2 &&
          attempts.every(({ state }) => state !== 'running' && state !== 'queued'),
        'returned',
      );
    expect(await walked(engine, 'undo', ids)).toEqual(['c canary', 'd switch', 'c switch', 'd freeze', 'c freeze']);
    expect((await engine.db.select().from(auditEntry)).filter(({ act }) => act === 'returned')).toHaveLength(2);
    engine.untell('differ-canary');
    for (const id of ids)
      await engine.until(
        id,
        (_, steps) => Boolean(stepOf(steps, 'freeze')?.plan && !stepOf(steps, 'freeze')?.live),
        'a plan again',
      );
    await pressSwitch(engine, ids);
    const again = await Promise.all(ids.map(async (id) => (await engine.rows(id)).cutover.switchGroup));
    expect(again[0] !== null && again[0] === again[1]).toBe(true);
  }, 120_000);

  it('return together when the users of all were held for as long as the runbook allows', async () => {
    const engine = await testEngine();
    const ids = await atTheirGate(engine);
    await engine.db.execute(sql`update cutover set runbook = jsonb_set(runbook, '{freeze_limit_seconds}', '3')`);
    engine.tell('hang-canary');
    await pressSwitch(engine, ids);
    for (const id of ids)
      await engine.until(
        id,
        ({ cutover, attempts }) =>
          cutover.switchGroup === null &&
          cutover.state === 'open' &&
          attempts.some(({ stepId, verb, state }) => stepId === 'freeze' && verb === 'undo' && state === 'done'),
        'returned',
      );
    const rows = await Promise.all(ids.map((id) => engine.rows(id)));
    const codes = rows.flatMap(({ attempts }) => attempts.flatMap(({ error }) => error?.code ?? []));
    expect(codes).toEqual(['freeze_limit_passed']);
    expect((await walked(engine, 'undo', ids)).slice(-2)).toEqual(['d freeze', 'c freeze']);
  }, 120_000);

  it('refuse a press while one of them is not at its gate, and say which and why', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const c = await engine.plan('c');
    await engine.walkToSwitch(c);
    const planned = (_: unknown, steps: DerivedStep[]) =>
      Boolean(stepOf(steps, 'freeze')?.plan && !stepOf(steps, 'freeze')?.live);
    await engine.until(c, planned, 'the plan of its switch');
    const press = async () =>
      runStep({
        ctx: engine.operator,
        input: {
          cutoverId: c,
          stepId: 'freeze',
          planDigest: (await engine.step(c, 'freeze')).plan?.digest ?? '',
          typedId: 'c',
        },
      });
    await expect(press()).rejects.toMatchObject({
      code: 'neighbours_not_ready',
      message: expect.stringContaining('d as well, which has no cutover'),
    });
    const d = await engine.plan('d');
    await engine.pass(d, 'preflight');
    await expect(press()).rejects.toMatchObject({
      message: expect.stringMatching(/d as well, which is not at its gate: Waits for .*sign off/i),
    });
    expect(await states(engine, [c, d])).toEqual(['open', 'open']);
  }, 120_000);

  it('go on together after a kill in the middle, each step run to its end once', async () => {
    const engine = await testEngine();
    const first = await engine.startProcess();
    const [c, d] = [await engine.plan('c'), await engine.plan('d')];
    for (const id of [c, d]) await engine.walkToSwitch(id);
    for (const id of [c, d])
      await engine.until(id, (_, steps) => Boolean(stepOf(steps, 'freeze')?.plan && !stepOf(steps, 'freeze')?.live));
    engine.arm('step:switch', 'block');
    await pressSwitch(engine, [c, d]);
    await engine.reached('step:switch');
    await engine.startProcess();
    first.kill('SIGKILL');
    await engine.until(c, ({ attempts }) => attempts.some(({ takeovers }) => takeovers.length === 1), 'taken over');
    engine.release('step:switch');
    for (const id of [c, d])
      await engine.until(id, (_, steps) => stepOf(steps, 'thaw')?.status === 'passed', 'switched');
    for (const step of ['freeze', 'switch', 'canary', 'thaw'])
      expect((await walked(engine, 'ran', [c, d])).filter((line) => line.endsWith(` ${step}`))).toHaveLength(2);
    expect(deriveSteps(await engine.rows(d)).find(({ id }) => id === 'thaw')?.status).toBe('passed');
  }, 120_000);
});
