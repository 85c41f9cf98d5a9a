import { describe, expect, it } from 'vitest';
import { auditEntry } from '@/db/schema';
import { stepOf } from '@/lib/cutover/derive-steps';
import { rollBack } from '@/lib/cutover/roll-back';
import { confirmSecondPerson } from '@/lib/cutover/confirm-second-person';
import { type Engine, testEngine } from './testing/engine';

/** Switched, and the rollback pressed. */
async function pressRollback(engine: Engine, id: string): Promise<void> {
  await engine.until(id, (_, steps) => stepOf(steps, 'back-freeze')?.plan !== null, 'a rollback plan');
  const { plan } = await engine.step(id, 'back-freeze');
  const digest = plan?.digest ?? '';
  await confirmSecondPerson({
    ctx: engine.reviewer,
    input: { cutoverId: id, act: 'rollback', planDigest: digest },
  });
  await rollBack({
    ctx: engine.operator,
    input: { cutoverId: id, kind: 'runtime', planDigest: digest, typedId: 'a' },
  });
}

describe('a step of a sequence that broke', () => {
  it('of a rollback is planned by itself, and pressed again in its own press', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    await engine.press(id, 'freeze');
    await engine.until(id, (_, steps) => stepOf(steps, 'thaw')?.status === 'passed', 'switched');
    engine.tell('differ-back-look');
    await pressRollback(engine, id);
    await engine.until(id, (_, steps) => stepOf(steps, 'back-look')?.status === 'failed', 'a failed look');
    engine.untell('differ-back-look');
    await engine.pass(id, 'back-look');
    const own = (await engine.rows(id)).attempts.filter(({ stepId, verb }) => stepId === 'back-look' && verb === 'run');
    expect(own.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(new Set(own.map(({ pressId }) => pressId)).size).toBe(1);
  });

  it('of the switch, with users still held, is planned by itself and lets them through when it is pressed', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    engine.tell('differ-thaw');
    await engine.press(id, 'freeze');
    await engine.until(id, (_, steps) => stepOf(steps, 'thaw')?.status === 'failed', 'a failed thaw');
    engine.untell('differ-thaw');
    await engine.pass(id, 'thaw');
    expect((await engine.rows(id)).cutover.frozenMs).toBeGreaterThan(0);
  });
});

describe('a whole walk on the engine', () => {
  it('goes from the first press through the switch sequence with one press, and back', async () => {
    const engine = await testEngine();
    await engine.startHere();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    await engine.press(id, 'freeze');
    const rows = await engine.until(
      id,
      ({ cutover }, steps) => cutover.state === 'switched' && stepOf(steps, 'thaw')?.status === 'passed',
      'switched',
    );
    expect(rows.cutover.frozenMs).toBeGreaterThan(0);
    await engine.until(id, (_, steps) => stepOf(steps, 'back-freeze')?.plan !== null, 'a rollback plan');
    const { plan } = await engine.step(id, 'back-freeze');
    const input = { cutoverId: id, kind: 'runtime' as const, planDigest: plan?.digest, typedId: 'a' };
    await expect(rollBack({ ctx: engine.operator, input })).rejects.toMatchObject({ code: 'second_person_needed' });
    await confirmSecondPerson({
      ctx: engine.reviewer,
      input: { cutoverId: id, act: 'rollback', planDigest: plan?.digest ?? '' },
    });
    await rollBack({ ctx: engine.operator, input });
    await engine.until(
      id,
      ({ cutover }, steps) => cutover.state === 'rolled_back' && stepOf(steps, 'back-look')?.status === 'passed',
      'rolled back',
    );
    expect(
      engine
        .journal()
        .filter((line) => line.startsWith('ran'))
        .map((line) => line.split(' ')[1]),
    ).toEqual([
      'preflight',
      'import',
      'row-diff',
      'freeze',
      'switch',
      'canary',
      'thaw',
      'back-freeze',
      'back-switch',
      'back-thaw',
      'back-look',
    ]);
    expect((await engine.db.select().from(auditEntry)).length).toBeGreaterThan(20);
  });
});
