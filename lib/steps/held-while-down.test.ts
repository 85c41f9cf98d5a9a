import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callService } from '@/lib/services/http';
import { runningProcess, startManaged, stopManaged, superviseManaged } from '@/lib/services/managed-process';
import { waitReady } from '@/lib/services/restart';
import { type DemoFleet, openDemoFleet } from '@/lib/testing/demo-fleet';
import { notPassed, openWalk, type Walk } from '@/lib/testing/walk-context';

describe('a service that is down, or of which nobody can tell', () => {
  let demo: DemoFleet;
  let walk: Walk;
  let envBefore: string;
  let squatter: Server | null = null;
  // One second of patience: nothing here comes up by itself.
  const service = () => ({ ...walk.fleet.find('oris', 'lab').service!, ready_seconds: 1 });
  const step = (id: string) => {
    const { entry, kind, params } = walk.stepOf(id);
    const ctx = { ...walk.ctx(entry), services: [service()] };
    return { run: () => kind.run(ctx, params), check: async () => notPassed(await kind.check(ctx, params)) };
  };
  const job = async () =>
    (
      await callService(service().instances[0] ?? '', {
        method: 'POST',
        path: '/v1/jobs/run',
        json: { thread_id: 'caller', idempotency_key: 'caller' },
      })
    ).status;
  const heldSummary = () => walk.verdicts.get('quiesce')?.checkpoints[0]?.evidence.summary;

  beforeAll(async () => {
    demo = await openDemoFleet(['oris/lab'], ['oris']);
    walk = openWalk({ ...demo, system: 'oris', sourceId: 'lab', runbook: 'oris-backup-restore' });
    envBefore = demo.envText('oris-lab');
  }, 90_000);
  afterEach(async () => {
    squatter?.close();
    squatter = null;
    await walk.undo('quiesce');
    expect(demo.envText('oris-lab')).toBe(envBefore);
    await startManaged(service(), demo.secret);
    await waitReady(walk.fleet.find('oris', 'lab').service!, { headers: {} });
  });
  afterAll(() => demo?.close());

  it('counts as held when no process and no listener is left, and whoever starts it starts it held', async () => {
    await stopManaged(service(), { wanted: true });
    expect(notPassed(await walk.run('quiesce'))).toEqual([]);
    expect(heldSummary()).toBe('down: no process, port closed; a start from now on starts it held');
    expect(await superviseManaged(service(), demo.secret)).toBe('started');
    await waitReady(walk.fleet.find('oris', 'lab').service!, { headers: {} });
    expect(await job()).toBe(503);
    expect(await step('quiesce').check()).toEqual([]);
  });

  it('is no longer held once its env file lets a start serve callers: the check sees it, and no data is replaced', async () => {
    await stopManaged(service(), { wanted: true });
    const restore = step('restore');
    expect(await step('quiesce').check()).toEqual([expect.stringContaining('but a start would take writes')]);
    await expect(restore.run()).rejects.toMatchObject({
      code: 'state_forbids',
      message: expect.stringContaining('down: no process, port closed; but a start would take writes'),
    });
  });

  it('is refused when its process hangs: it answers nothing and may still write', async () => {
    const { pid } = runningProcess('oris-lab') ?? { pid: 0 };
    process.kill(pid, 'SIGSTOP');
    try {
      await expect(step('quiesce').run()).rejects.toMatchObject({
        code: 'freeze_failed',
        message: expect.stringContaining(`its process, pid ${pid}, lives`),
        advice: expect.stringContaining(`End pid ${pid}`),
      });
      await expect(step('restore').run()).rejects.toMatchObject({ code: 'state_forbids' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }, 60_000);

  it('is refused when something the console did not start has its port', async () => {
    await stopManaged(service(), { wanted: true });
    squatter = createServer((socket) => socket.on('error', () => undefined).end('no HTTP at all')).listen(
      Number(new URL(service().instances[0] ?? '').port),
      '127.0.0.1',
    );
    await expect(step('quiesce').run()).rejects.toMatchObject({
      code: 'freeze_failed',
      message: expect.stringMatching(/its port is open/),
      advice: expect.stringContaining('stop what has its port'),
    });
  });
});
