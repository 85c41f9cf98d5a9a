import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempDir } from '@/lib/testing/databases';
import { homeFolder } from './data-home';
import { isHostLocked, withHostLock } from './host-lock';
import { birthOf } from './process-birth';

beforeEach(() => {
  process.env.CUTOVER_HOME = tempDir('lock');
});

/** A process that lives until it is killed, recorded as the holder of the lock. */
async function otherHolder(attemptId: string, epoch: number): Promise<{ end(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid as number;
  writeFileSync(
    path.join(homeFolder('locks'), 'sx.json'),
    JSON.stringify({
      service: 'sx',
      generation: 7,
      attemptId,
      epoch,
      pid,
      birth: birthOf(pid),
      takenAt: '2026-11-21T02:00:00Z',
      released: false,
    }),
  );
  return {
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('host lock', () => {
  it('lets one act at a time change a service, and counts up', async () => {
    const order: string[] = [];
    const act = (name: string) =>
      withHostLock({ service: 'sx', attemptId: name, epoch: 1 }, async (lock) => {
        order.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 60));
        lock.assertHeld();
        order.push(`${name} out`);
        return lock.generation;
      });
    const generations = await Promise.all([act('a'), act('b'), act('c')]);
    expect(generations.sort()).toEqual([1, 2, 3]);
    for (let at = 0; at < order.length; at += 2) expect(order[at]?.split(' ')[0]).toBe(order[at + 1]?.split(' ')[0]);
    expect(isHostLocked('sx')).toBe(false);
  });

  it('waits for a living holder of another attempt, then says who it is', async () => {
    const holder = await otherHolder('theirs', 1);
    expect(isHostLocked('sx')).toBe(true);
    await expect(
      withHostLock({ service: 'sx', attemptId: 'mine', epoch: 1, waitMs: 200 }, async () => 'done'),
    ).rejects.toMatchObject({ code: 'service_busy' });
    await holder.end();
    await expect(withHostLock({ service: 'sx', attemptId: 'mine', epoch: 1 }, async () => 'done')).resolves.toBe(
      'done',
    );
  });

  it("takes the lock from the same attempt's paused self, whose effects are then refused", async () => {
    const holder = await otherHolder('same', 1);
    await withHostLock({ service: 'sx', attemptId: 'same', epoch: 2, waitMs: 200 }, async (lock) =>
      expect(lock.generation).toBe(8),
    );
    await expect(
      withHostLock({ service: 'sx', attemptId: 'same', epoch: 1, waitMs: 200 }, async () => 'done'),
    ).rejects.toMatchObject({ code: 'attempt_lost' });
    await holder.end();
  });

  it("refuses the old holder's next effect after break-glass took the lock", async () => {
    await withHostLock({ service: 'sx', attemptId: 'a', epoch: 1 }, async (lock) => {
      await withHostLock({ service: 'sx', attemptId: 'break-glass', epoch: 1, force: true }, async () => undefined);
      expect(() => lock.assertHeld()).toThrow(/newer attempt/);
    });
  });

  it('is not blocked for ever by a process that died while it rewrote the record', async () => {
    writeFileSync(path.join(homeFolder('locks'), 'sx.json.claim'), '999999999 1');
    await expect(withHostLock({ service: 'sx', attemptId: 'a', epoch: 1 }, async () => 'done')).resolves.toBe('done');
  });
});
