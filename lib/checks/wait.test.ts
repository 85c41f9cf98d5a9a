import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { flowFile } from '@/lib/fleet/flow-schema';
import type { CheckPlace } from './check';
import { runFlow } from './run-flow';

const nothing = async (): Promise<void> => {};

it('asks only when the time that a check waits is over, and stops waiting when the step is cancelled', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = (waitMs: number, signal: AbortSignal) =>
    runFlow({
      flow: flowFile.parse({ title: 't', checks: [{ kind: 'http', name: 'later', path: '/', wait_ms: waitMs }] }),
      names: {},
      neighbours: [],
      footprint: { keep: nothing, written: nothing, made: nothing, restore: async () => [] },
      progress: () => undefined,
      place: { url, headers: {}, signal, log: () => undefined } as unknown as CheckPlace,
    });
  const ending = new AbortController();
  const waiting = run(60_000, ending.signal);
  ending.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked).toBe(0);
  expect(await run(1, new AbortController().signal)).toMatchObject([{ claim: 'later', verdict: 'passed' }]);
  expect(asked).toBe(1);
});
