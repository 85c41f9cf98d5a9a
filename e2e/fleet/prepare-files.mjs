import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync, fsyncSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Whole or not at all, and only when the text is another one. */
export function writeWhole(file, text, mode = 0o600) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  const partial = `${file}.${process.pid}.partial`;
  const fd = openSync(partial, 'w', mode);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(partial, file);
  return true;
}

export function readSecrets(file) {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z_][A-Z0-9_]*=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

export const writeSecrets = (file, secrets) =>
  writeWhole(
    file,
    Object.entries(secrets)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
export const newToken = () => randomBytes(24).toString('base64url');

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

/** Below the range from which the system gives ports to outgoing connections, so that nobody takes it during a restart. */
async function findPort(taken) {
  for (let tries = 0; tries < 500; tries += 1) {
    const port = randomInt(20_000, 32_000);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error('No free loopback port was found between 20000 and 32000.');
}

/** Ports chosen once and kept, so that a restart finds its services at the same URLs. */
export async function keepPorts(file, services) {
  const ports = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  for (const service of services) {
    ports[service] ??= await findPort(Object.values(ports));
  }
  writeWhole(file, `${JSON.stringify(ports, null, 2)}\n`, 0o644);
  return ports;
}

export function makeFolders(home) {
  const fleet = join(home, 'fleet');
  const folders = {
    fleet,
    data: join(fleet, 'data'),
    env: join(fleet, 'env'),
    logs: join(fleet, 'logs'),
    own: join(fleet, 'own files'),
    users: join(home, 'users'),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o750 });
  return folders;
}
