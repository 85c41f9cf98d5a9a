import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { requireDatabase } from '@/lib/launcher/require-database.mjs';
import { runShort } from '@/lib/launcher/run-short.mjs';
import { NeedsPerson } from '@/lib/launcher/say.mjs';

const refusal = (text: string) =>
  requireDatabase(text).then(
    () => null,
    (thrown: unknown) => (thrown instanceof NeedsPerson ? thrown.message : `not for a person: ${thrown}`),
  );

it('says at once where nobody listens, and shows no password', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const address = `postgres://me:s3cret@127.0.0.1:${port}/cutover`;
  expect(await refusal(address)).toBeNull();
  server.close();
  await once(server, 'close');
  const said = await refusal(address);
  expect(said).toContain(`127.0.0.1:${port}/cutover cannot be used: nobody listens there`);
  expect(said).not.toContain('s3cret');
});

it('refuses what is no address of a database', async () => {
  for (const text of ['mysql://me@here/db', 'here', 'postgres://me@127.0.0.1:5432/'])
    expect(await refusal(text)).toMatch(/needs postgres:\/\/user:password@host:port\/database/);
});

it('ends without a stack when a command says by exit code 2 that a person must act first', async () => {
  const say = (code: number) =>
    runShort({
      argv: [process.execPath, '-e', `console.error('newer schema'); process.exit(${code})`],
      cwd: process.cwd(),
      env: process.env,
    }).catch((thrown: unknown) => thrown);
  expect(await say(2)).toBeInstanceOf(NeedsPerson);
  expect(await say(1)).not.toBeInstanceOf(NeedsPerson);
  expect(await say(2)).toMatchObject({ message: 'newer schema' });
});
