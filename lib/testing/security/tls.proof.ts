import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { connectTarget } from '@/lib/dataplane/connect-target';

/** Signed by itself for a hundred years; good for nothing but this. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUMt8EDz/p00z4n/pTiYSeHbn5kEwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMDU0N1oYDzIxMjYxMDI4
MTIwNTQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASMFho7VwXLZU1bejvSaSgrAxqW6byKY2DH9ffZSfNp7FV8HwFTGk6j
MQQGRLK58qz1iYaDNolmlhfjWmucPIMlo1MwUTAdBgNVHQ4EFgQUxQBt/55GJT6m
hAgwh87vbj1l8PkwHwYDVR0jBBgwFoAUxQBt/55GJT6mhAgwh87vbj1l8PkwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBzYwtRp2IEHHvYLRmA6r9A
oqVkXyvDrCe2zZrNKBwfcAIhAPwZbqww7cwCYnG9v8TkJpc2RRZ7p+aWC2iSKeM5
FXQl
-----END CERTIFICATE-----`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4Ae7jbGUyHnUfiwr
Dfv/MO06M31A2Wqm7mIvYHWZhPChRANCAASMFho7VwXLZU1bejvSaSgrAxqW6byK
Y2DH9ffZSfNp7FV8HwFTGk6jMQQGRLK58qz1iYaDNolmlhfjWmucPIMl
-----END PRIVATE KEY-----`;

/** Somebody who stands where PostgreSQL should: takes TLS, asks for the password and notes what comes. */
async function standBetween(): Promise<{ port: number; heard: () => string }> {
  let heard = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S');
      const tls = new TLSSocket(socket, { isServer: true, cert, key });
      tls.on('error', () => undefined);
      tls.on('data', (part) => {
        heard += part.toString('latin1');
        // AuthenticationCleartextPassword
        tls.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

it.each(['require', 'verify-ca', 'verify-full'])(
  'a server with a certificate that nobody signed gets no password: sslmode=%s',
  async (mode) => {
    const between = await standBetween();
    const dsn = `postgres://app:tls-canary-4711@localhost:${between.port}/db?sslmode=${mode}`;
    await expect(connectTarget(dsn)).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining('certificate'),
      advice: expect.stringContaining('sslrootcert'),
    });
    expect(between.heard()).toBe('');
  },
);

it('the one in between would have got it, so the proof can fail', async () => {
  const between = await standBetween();
  const dsn = `postgres://app:tls-canary-4711@localhost:${between.port}/db?sslmode=no-verify`;
  await Promise.race([
    connectTarget(dsn).catch(() => undefined),
    expect.poll(between.heard).toContain('tls-canary-4711'),
  ]);
  await expect.poll(between.heard).toContain('tls-canary-4711');
});
