import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { stepOf } from '@/lib/cutover/derive-steps';
import { testEngine, type Engine } from './testing/engine';

const lines = (engine: Engine, verb: string, stepId: string): string[] =>
  engine.journal().filter((line) => line.startsWith(`${verb} ${stepId} `));
const runOf = async (engine: Engine, id: string, stepId: string) =>
  (await engine.rows(id)).attempts.find((attempt) => attempt.stepId === stepId && attempt.verb === 'run');

const heardAt = async (engine: Engine, worker: string): Promise<string> =>
  (await engine.db.execute<{ at: string }>(sql`select to_json(beat) #>> '{}' as at from worker where id = ${worker}`))
    .rows[0]?.at ?? '';

describe('take-over', () => {
  it('gives the attempt of a killed worker to another, under a higher epoch', async () => {
    const engine = await testEngine();
    const first = await engine.startProcess();
    const id = await engine.plan();
    engine.arm('step:preflight', 'block');
    await engine.press(id, 'preflight');
    await engine.reached('step:preflight');
    const before = await runOf(engine, id, 'preflight');
    await engine.startProcess();
    const beforeKill = Date.parse(await heardAt(engine, before?.worker ?? ''));
    first.kill('SIGKILL');
    await engine.until(id, ({ attempts }) => attempts.some(({ takeovers }) => takeovers.length === 1), 'taken over');
    engine.release('step:preflight');
    await engine.until(id, (_, steps) => stepOf(steps, 'preflight')?.status === 'passed', 'passed');
    const after = await runOf(engine, id, 'preflight');
    expect(after?.epoch).toBeGreaterThan(before?.epoch ?? 0);
    const [lost] = after?.takeovers ?? [];
    expect(lost).toMatchObject({ worker: before?.worker, epoch: before?.epoch, by: after?.worker });
    // Lost when it was last heard, not when another noticed; what the step took includes the time it stood.
    expect(beforeKill <= Date.parse(lost?.lostAt ?? '') && (lost?.lostAt ?? '') < (lost?.takenAt ?? '')).toBe(true);
    expect((lost?.takenAt ?? '') <= (lost?.resumedAt ?? '')).toBe(true);
    expect(after?.startedAt).toEqual(before?.startedAt);
    expect(after?.claimedAt?.toISOString()).toBe(lost?.resumedAt);
    expect(lines(engine, 'ran', 'preflight')).toHaveLength(1);
  });

  it('lets a paused worker change nothing when it wakes', async () => {
    const engine = await testEngine();
    const first = await engine.startProcess();
    const id = await engine.plan();
    engine.arm('attempt:before-record', 'block');
    await engine.until(
      id,
      ({ attempts }) => attempts.some(({ verb, state }) => verb === 'plan' && state !== 'queued'),
      'a plan under way',
    );
    await engine.reached('attempt:before-record');
    engine.release('attempt:before-record');
    engine.arm('step:preflight', 'block');
    await engine.press(id, 'preflight');
    await engine.reached('step:preflight');
    first.kill('SIGSTOP');
    await engine.startProcess();
    await engine.until(id, ({ attempts }) => attempts.some(({ takeovers }) => takeovers.length === 1), 'taken over');
    engine.release('step:preflight');
    await engine.until(id, (_, steps) => stepOf(steps, 'preflight')?.status === 'passed', 'passed');
    const before = await runOf(engine, id, 'preflight');
    const gone = new Promise<number | null>((resolve) => first.once('exit', (code) => resolve(code)));
    first.kill('SIGCONT');
    expect(await gone).toBe(70);
    expect(await runOf(engine, id, 'preflight')).toEqual(before);
    const checkpoints = (await engine.rows(id)).checkpoints.filter(({ stepId }) => stepId === 'preflight');
    expect(checkpoints).toHaveLength(1);
  });

  it('takes no worker for dead because its clock is hours off, and one that is, for dead all the same', async () => {
    const engine = await testEngine();
    const hours = 3_600_000;
    // Late by a busy machine is not dead either.
    const deadMs = 4_000;
    const ahead = await engine.startProcess({ aheadMs: 2 * hours, deadMs });
    const behind = await engine.startProcess({ aheadMs: -2 * hours, deadMs });
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    const { attempts, now } = await engine.rows(id);
    expect(attempts.flatMap(({ takeovers }) => takeovers)).toEqual([]);
    for (const { startedAt } of attempts)
      if (startedAt) expect(Math.abs(startedAt.getTime() - now.getTime())).toBeLessThan(hours);
    engine.arm('step:switch', 'block');
    await engine.press(id, 'freeze');
    const holder = await engine.reached('step:switch');
    const { rows } = await engine.db.execute<{ pid: number }>(
      sql`select w.pid from attempt a join worker w on w.id = a.worker where a.step_id = 'switch' and a.ended_at is null and a.verb = 'run'`,
    );
    expect(holder).toBeGreaterThan(0);
    (rows[0]?.pid === ahead.pid ? ahead : behind).kill('SIGKILL');
    await engine.until(id, (loaded) => loaded.attempts.some(({ takeovers }) => takeovers.length === 1), 'taken over');
    engine.release('step:switch');
    await engine.until(id, (_, steps) => stepOf(steps, 'thaw')?.status === 'passed', 'switched');
  }, 60_000);

  it('frees the service of a worker killed between the attempt and its job being done', async () => {
    const engine = await testEngine();
    const first = await engine.startProcess();
    const id = await engine.plan();
    await engine.pass(id, 'preflight');
    // As if it died right there: the attempt is recorded, the queue still holds the lock under a worker that is gone.
    first.kill('SIGKILL');
    await engine.db.execute(sql`update graphile_worker._private_job_queues set locked_at = now() - interval '1 minute',
      locked_by = (select engine_ref from worker limit 1) where queue_name like 'profile:%'`);
    await engine.startProcess();
    await engine.pass(id, 'import');
  });

  it('goes on in mid-switch after a kill, each step run to its end once', async () => {
    const engine = await testEngine();
    const first = await engine.startProcess();
    const id = await engine.plan();
    await engine.walkToSwitch(id);
    engine.arm('step:switch', 'block');
    await engine.press(id, 'freeze');
    await engine.reached('step:switch');
    await engine.startProcess();
    first.kill('SIGKILL');
    await engine.until(id, ({ attempts }) => attempts.some(({ takeovers }) => takeovers.length === 1), 'taken over');
    engine.release('step:switch');
    await engine.until(
      id,
      ({ cutover }, steps) => cutover.state === 'switched' && stepOf(steps, 'thaw')?.status === 'passed',
      'switched',
    );
    for (const stepId of ['freeze', 'switch', 'canary', 'thaw'])
      expect(lines(engine, 'ran', stepId), stepId).toHaveLength(1);
  });

  it('never runs two attempts of one service at once, and lets other services run beside', async () => {
    const engine = await testEngine();
    await engine.startHere();
    await engine.startHere();
    const [a, b] = [await engine.plan('a'), await engine.plan('b')];
    engine.arm('step:preflight', 'block');
    await engine.press(a, 'preflight');
    await engine.press(b, 'preflight');
    const running = async (id: string) => (await runOf(engine, id, 'preflight'))?.progress !== null;
    await engine.until(
      a,
      ({ attempts }) => attempts.some(({ verb, progress }) => verb === 'run' && progress),
      'a runs',
    );
    await engine.until(
      b,
      ({ attempts }) => attempts.some(({ verb, progress }) => verb === 'run' && progress),
      'b runs beside',
    );
    expect((await running(a)) && (await running(b))).toBe(true);
    // The queue's lock is not the last line: the index refuses a second running attempt of the service.
    const key = (await runOf(engine, a, 'preflight'))?.serviceKey;
    await expect(
      engine.db.execute(sql`update attempt set service_key = ${key} where cutover_id = ${b} and verb = 'run'`),
    ).rejects.toMatchObject({ cause: { code: '23505' } });
    engine.release('step:preflight');
    await engine.until(b, (_, steps) => stepOf(steps, 'preflight')?.status === 'passed', 'b passed');
  });
});
