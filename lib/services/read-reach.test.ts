import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { tempDir, testDatabase } from '@/lib/testing/databases';
import { readReach } from './read-reach';

const fileAt = (path: string) => ({ kind: 'sqlite-file' as const, path, scope_columns: {} });
const soon = () => AbortSignal.timeout(800);

async function serve(onConnection: Parameters<typeof createServer>[1]): Promise<{ server: Server; dsn: string }> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, dsn: `postgres://app:a-secret-4711@127.0.0.1:${(server.address() as AddressInfo).port}/app` };
}

it('reads how soon the target answers and what room the source has', async () => {
  const [database, folder] = [await testDatabase('reach'), tempDir()];
  const reading = await readReach(fileAt(folder), database.dsn, AbortSignal.timeout(10_000));
  expect(reading).toMatchObject({ targetMs: expect.any(Number), targetProblem: null });
  expect(BigInt(reading.freeBytes ?? '0')).toBeGreaterThan(0n);
});

it('tells a target that is gone from one that is silent, and knows no room where the source is missing', async () => {
  const silent = await serve(() => undefined);
  onTestFinished(() => void silent.server.close());
  const hung = await readReach(fileAt('/no/such/file'), silent.dsn, soon());
  expect(hung).toMatchObject({ targetMs: null, targetProblem: 'No answer within 1 s.', freeBytes: null });
  const gone = await serve(() => undefined);
  await new Promise((resolve) => gone.server.close(resolve));
  const refused = await readReach(fileAt(tempDir()), gone.dsn, soon());
  expect(refused).toMatchObject({ targetMs: null, targetProblem: expect.stringContaining('cannot be reached') });
  expect(JSON.stringify([hung, refused])).not.toContain('a-secret-4711');
});
