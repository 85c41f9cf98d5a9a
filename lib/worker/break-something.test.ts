import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { auditEntry, cutover } from '@/db/schema';
import { breakSomething } from '@/lib/cutover/break-something';
import { testEngine, type Engine } from './testing/engine';

afterEach(() => {
  delete process.env.CUTOVER_DEMO;
});
const acts = async (engine: Engine): Promise<string[]> =>
  (await engine.db.select().from(auditEntry)).map(({ act }) => act).filter((act) => act.startsWith('demo-'));

describe('breaking something on purpose', () => {
  it('is refused outside the demo whoever asks, and in it to who may not operate', async () => {
    const engine = await testEngine();
    await expect(breakSomething({ ctx: engine.operator, input: { what: 'kill-worker' } })).rejects.toMatchObject({
      code: 'state_forbids',
    });
    process.env.CUTOVER_DEMO = '1';
    await expect(breakSomething({ ctx: engine.reviewer, input: { what: 'stop-target' } })).rejects.toMatchObject({
      code: 'role_missing',
    });
    await expect(
      breakSomething({ ctx: engine.operator, input: { what: 'stop-service', service: 'nobody' } }),
    ).rejects.toMatchObject({ code: 'state_forbids' });
    expect(await acts(engine)).toEqual([]);
  });

  it('kills a worker for real, asks for the stop of the target and mends it, each with its audit entry, once a press', async () => {
    const engine = await testEngine();
    process.env.CUTOVER_DEMO = '1';
    mkdirSync(path.join(engine.home, 'target'));
    const marker = path.join(engine.home, 'target', 'stopped-on-purpose');
    const worker = await engine.startProcess();
    const gone = new Promise((resolve) => worker.once('exit', (_, signal) => resolve(signal)));
    const ctx = engine.admin;
    const press = { ctx, input: { key: 'one press', what: 'kill-worker' as const } };
    const [first, again] = [await breakSomething(press), await breakSomething(press)];
    expect(again).toEqual(first);
    expect(await gone).toBe('SIGKILL');
    await breakSomething({ ctx, input: { what: 'stop-target' } });
    expect(existsSync(marker)).toBe(true);
    await breakSomething({ ctx, input: { what: 'start-target' } });
    expect(existsSync(marker)).toBe(false);
    expect(await acts(engine)).toEqual(['demo-kill-worker', 'demo-stop-target', 'demo-start-target']);
  });

  it('tells who pressed when no row could be damaged, and why', async () => {
    const engine = await testEngine();
    process.env.CUTOVER_DEMO = '1';
    const id = await engine.plan();
    await engine.startHere();
    const press = () =>
      breakSomething({ ctx: engine.operator, input: { what: 'damage-row', cutoverId: id } }).then(
        ({ said }) => said,
        ({ code, message }) => [code, message],
      );
    expect(await press()).toEqual(['state_forbids', 'The cutover is planned, not under way.']);
    await engine.db.update(cutover).set({ state: 'open' });
    expect(await press()).toEqual(['dsn_invalid', expect.stringContaining('The DSN of the target')]);
  });
});
