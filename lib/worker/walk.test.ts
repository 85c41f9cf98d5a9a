import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { auditEntry } from '@/db/schema';
import { abandonCutover } from '@/lib/cutover/abandon-cutover';
import { stepOf } from '@/lib/cutover/derive-steps';
import { rollBack } from '@/lib/cutover/roll-back';
import { confirmSecondPerson } from '@/lib/cutover/confirm-second-person';
import { type Engine, testEngine } from './testing/engine';

/** A cutover whose users were let through to the target. @param change made before its first step */
async function switched(change: (db: Engine['db']) => Promise<unknown> = async () => undefined) {
  const engine = await testEngine();
  await engine.startHere();
  const id = await engine.plan();
  await change(engine.db);
  await engine.walkToSwitch(id);
  await engine.press(id, 'freeze');
  await engine.until(id, (_, steps) => stepOf(steps, 'thaw')?.status === 'passed', 'switched');
  return { engine, id };
}

/** Presses a rollback, with a second person behind it. */
async function pressRollback(
  engine: Engine,
  id: string,
  act: 'rollback' | 'data-rollback' = 'rollback',
): Promise<void> {
  const first = act === 'rollback' ? 'back-freeze' : 'restore';
  await engine.until(id, (_, steps) => stepOf(steps, first)?.plan != null, `a plan of the ${act}`);
  const planDigest = (await engine.step(id, first)).plan?.digest ?? '';
  await confirmSecondPerson({ ctx: engine.reviewer, input: { cutoverId: id, act, planDigest } });
  const kind = act === 'rollback' ? 'runtime' : 'data';
  await rollBack({ ctx: engine.operator, input: { cutoverId: id, kind, planDigest, typedId: 'a' } });
}

describe('a step of a sequence that broke', () => {
  it('of a rollback is planned by itself, and pressed again in its own press', async () => {
    const { engine, id } = await switched();
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

  it('drops nothing that users wrote to the target: the data is set aside before an abandon', async () => {
    const { engine, id } = await switched();
    await pressRollback(engine, id, 'rollback');
    await engine.until(id, (_, steps) => stepOf(steps, 'back-look')?.status === 'passed', 'rolled back');
    const abandon = () => abandonCutover({ ctx: engine.operator, input: { cutoverId: id, typedId: 'a' } });
    await expect(abandon()).rejects.toMatchObject({ code: 'data_not_set_aside' });
    const undone = () => engine.journal().filter((line) => line.startsWith('undo'));
    expect(undone()).toEqual([]);
    await pressRollback(engine, id, 'data-rollback');
    await engine.until(id, (_, steps) => stepOf(steps, 'restore')?.status === 'passed', 'data restored');
    await abandon();
    await engine.until(id, ({ cutover }) => cutover.state === 'abandoned', 'abandoned');
    expect(undone().map((line) => line.split(' ')[1])).toContain('import');
  });

  it('leaves a target that users wrote to as it is where the runbook has no data rollback', async () => {
    const { engine, id } = await switched((db) =>
      db.execute(sql`update cutover set runbook = runbook #- '{rollbacks,data}'`),
    );
    await pressRollback(engine, id, 'rollback');
    await engine.until(id, (_, steps) => stepOf(steps, 'back-look')?.status === 'passed', 'rolled back');
    await abandonCutover({ ctx: engine.operator, input: { cutoverId: id, typedId: 'a' } });
    await engine.until(id, ({ cutover }) => cutover.state === 'abandoned', 'abandoned');
    expect(engine.journal().filter((line) => line.startsWith('undo'))).toEqual([]);
  });
});
