import { readFile } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { keepLease } from './lease';

const leaseMs = 200;

/** Holds the event loop past the lease, from where steps do: a callback of the file system. */
const holdLoop = (before: () => void): Promise<void> =>
  new Promise((resolve) => {
    readFile('/dev/null', () => {
      before();
      for (const end = Date.now() + 2 * leaseMs; Date.now() < end; );
      setTimeout(() => setImmediate(() => setImmediate(resolve)), 20);
    });
  });

describe('the lease of a process', () => {
  it('goes on when a word came while its own work held the event loop, and ends without one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const here = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    const [there] = await once(server, 'connection');
    let left = 0;
    const leave = (): void => {
      left += 1;
    };
    const heard = keepLease(leaseMs, leave, 10);
    there.on('data', heard);

    await holdLoop(() => here.write('ping'));
    expect(left).toBe(0);
    await holdLoop(() => undefined);
    expect(left).toBeGreaterThan(0);
    here.destroy();
    server.close();
  });
});
