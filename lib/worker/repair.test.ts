import { describe, expect, it } from 'vitest';
import { auditEntry } from '@/db/schema';
import { runStep } from '@/lib/cutover/run-step';
import { stepOf } from '@/lib/cutover/derive-steps';
import { testEngine, type Engine } from './testing/engine';

const repairId = 'row-diff.repair';
const offered = async (engine: Engine, id: string) =>
  (await engine.step(id, 'row-diff')).acts.find(({ act }) => act === 'repair');

/** A row diff that has found rows which differ, with the plan of its repair made. */
async function differing(engine: Engine): Promise<string> {
  await engine.startHere();
  const id = await engine.plan();
  for (const stepId of ['preflight', 'import']) await engine.pass(id, stepId);
  engine.tell('differ-row-diff');
  await engine.press(id, 'row-diff');
  await engine.until(id, (_, steps) => stepOf(steps, repairId)?.plan != null, 'the rows to repair are listed');
  return id;
}
const press = async (engine: Engine, id: string, more: { typedId?: string; planDigest?: string } = {}) =>
  runStep({
    ctx: engine.operator,
    input: {
      cutoverId: id,
      stepId: repairId,
      planDigest: (await offered(engine, id))?.planDigest ?? '',
      typedId: 'a',
      ...more,
    },
  });

describe('the repair of a failed row diff', () => {
  it('is a press of its own on a plan of its own, and the row diff runs again by itself', async () => {
    const engine = await testEngine();
    const id = await differing(engine);
    expect(await offered(engine, id)).toMatchObject({ stepId: repairId, danger: true, refused: null });
    await expect(press(engine, id, { typedId: 'b' })).rejects.toMatchObject({ code: 'typed_id_differs' });
    await expect(press(engine, id, { planDigest: 'other' })).rejects.toMatchObject({ code: 'plan_changed' });
    await expect(
      runStep({ ctx: engine.reviewer, input: { cutoverId: id, stepId: repairId, typedId: 'a' } }),
    ).rejects.toMatchObject({ code: 'role_missing' });
    engine.arm(`step:${repairId}`, 'block');
    await press(engine, id);
    await engine.reached(`step:${repairId}`);
    expect(await engine.step(id, 'row-diff')).toMatchObject({ status: 'running', greenBy: null });
    engine.untell('differ-row-diff');
    engine.release(`step:${repairId}`);
    const rows = await engine.until(id, (_, steps) => stepOf(steps, 'row-diff')?.status === 'passed', 'equal again');
    const tried = rows.attempts.filter(({ stepId, verb }) => stepId.startsWith('row-diff') && verb === 'run');
    expect(tried.map(({ stepId }) => stepId)).toEqual(['row-diff', repairId, 'row-diff']);
    expect(await offered(engine, id)).toBeUndefined();
    const [entry] = (await engine.db.select().from(auditEntry)).filter(({ act }) => act === 'repair');
    expect(entry).toMatchObject({ actor: 'olga', actorRole: 'operator' });
    await engine.sign(id);
    expect((await engine.step(id, 'sign-off')).status).toBe('passed');
  });

  it('is listed anew after each row diff, and never offered on rows loaded again since', async () => {
    const engine = await testEngine();
    const id = await differing(engine);
    const first = await offered(engine, id);
    await press(engine, id);
    const again = await engine.until(
      id,
      ({ attempts }, steps) =>
        attempts.filter(({ stepId, verb, state }) => stepId === 'row-diff' && verb === 'run' && state === 'done')
          .length === 2 && stepOf(steps, repairId)?.plan != null,
      'it still differs, and is listed again',
    );
    expect(again.plans.filter(({ stepId }) => stepId === repairId)).toHaveLength(2);
    expect(first?.planDigest).toBe((await offered(engine, id))?.planDigest);
    await engine.pass(id, 'import');
    expect(await offered(engine, id)).toBeUndefined();
    await expect(press(engine, id)).rejects.toMatchObject({ code: 'gate_closed' });
  });

  it('runs nothing when the rows are not those that were approved, and nothing after the switch', async () => {
    const engine = await testEngine();
    const id = await differing(engine);
    engine.tell(`plan-${repairId}`, 'other rows');
    await press(engine, id);
    const rows = await engine.until(id, (_, steps) => stepOf(steps, repairId)?.status === 'failed', 'refused');
    expect(rows.attempts.find(({ stepId, verb }) => stepId === repairId && verb === 'run')?.error?.code).toBe(
      'plan_changed',
    );
    engine.untell('differ-row-diff');
    await engine.until(id, ({ attempts }) => attempts.every(({ state }) => state !== 'running' && state !== 'queued'));
    await engine.pass(id, 'row-diff');
    await engine.sign(id);
    await engine.press(id, 'freeze');
    await engine.until(id, (_, steps) => stepOf(steps, 'thaw')?.status === 'passed', 'switched');
    await expect(press(engine, id)).rejects.toMatchObject({ code: 'state_forbids' });
    expect(engine.journal().some((line) => line.startsWith(`run ${repairId} `))).toBe(false);
  });
});
