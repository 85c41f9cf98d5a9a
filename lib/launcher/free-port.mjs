import { createServer } from 'node:net';

const tryPort = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: got } = server.address();
      server.close(() => resolve(got));
    });
  });

/** A loopback port that nobody listens on: the preferred one if it is free, else one the system picks. */
export async function freePort(preferred = 0) {
  return (preferred ? await tryPort(preferred) : null) ?? (await tryPort(0));
}
