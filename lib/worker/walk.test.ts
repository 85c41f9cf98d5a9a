import { describe, expect, it } from 'vitest';
import { auditEntry } from '@/db/schema';
import { stepOf } from '@/lib/cutover/derive-steps';
import { rollBack } from '@/lib/cutover/roll-back';
import { confirmSecondPerson } from '@/lib/cutover/confirm-second-person';
import { testEngine } from './testing/engine';

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
