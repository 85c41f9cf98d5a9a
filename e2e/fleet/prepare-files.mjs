import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync, fsyncSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { generateFile } from './sx_db/generate.mjs';

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

/** Data files that are not there yet; an existing one may hold users' writes and is never touched. */
export function makeDataFiles(folder, groups, report) {
  for (const group of groups) {
    const path = join(folder, `${group.file}.db`);
    if (existsSync(path)) continue;
    const startedAt = performance.now();
    generateFile({
      path,
      seed: 'sx-demo',
      sources: group.profiles.map(({ id, title, videos, dirty }) => ({ id, label: title, videos, dirty })),
    });
    report(`${group.file}.db made in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}

function envText(group, dataFolder) {
  const first = (group.serves ?? group.profiles.map((p) => p.id))[0];
  return [
    `# Environment of ${group.service}. The console changes SX_DB_BACKEND_MODE at a switch and leaves the rest.`,
    'SX_DB_BACKEND_MODE=SQLITE',
    `SX_DB_PATH="${join(dataFolder, `${group.file}.db`)}"`,
    'SX_DB_ENABLE_FTS=true',
    'SX_POSTGRES_SCHEMA_PREFIX=sx',
    'SX_POSTGRES_REGISTRY_TABLE=sx_source_registry',
    'SX_API_REQUIRE_EXPLICIT_SOURCE=true',
    'SX_API_ENFORCE_PROFILE_SOURCE_MATCH=true',
    `SX_DEFAULT_SOURCE_ID=${first}`,
    `SX_PROFILE_INDEX=${/\d+$/.exec(first)?.[0] ?? ''}`,
    '',
  ].join('\n');
}

/** Env files that are not there yet; an existing one tells which backend its service is on. */
export function makeEnvFiles(folder, dataFolder, groups) {
  for (const group of groups) {
    const file = join(folder, `${group.service}.env`);
    if (!existsSync(file)) writeWhole(file, envText(group, dataFolder), 0o640);
  }
}

export function makeFolders(home) {
  const fleet = join(home, 'fleet');
  const folders = {
    fleet,
    data: join(fleet, 'data'),
    env: join(fleet, 'env'),
    logs: join(fleet, 'logs'),
    users: join(home, 'users'),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o750 });
  return folders;
}
