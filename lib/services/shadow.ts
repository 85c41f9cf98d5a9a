import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { mkdirSync } from 'node:fs';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { secretValues } from '@/lib/fleet/secret-names';
import { type Surface, surfacesOf } from '@/lib/fleet/surfaces';
import { CutoverError } from '@/lib/errors';
import { homeFolder, readJson, writeAtOnce } from './data-home';
import { endProcess, serviceEnv, spawnDetached, type SecretOf } from './managed-process';
import { openFilesOf } from './process-birth';
import { waitReady } from './restart';

export type Shadow = {
  url: string;
  pid: number;
  logFile: string;
  /** Service entry whose only instance is the shadow. */
  service: ServiceEntry;
  /** Paths the shadow holds open now; null where the system does not tell. */
  openFiles(): string[] | null;
};

/** A second process of the service in another mode, on a port of its own, always stopped at the end. */
export async function withShadow<T>(
  service: ServiceEntry,
  options: {
    mode: string;
    /** Surfaces that it runs in that mode; the others as the env file says. (Default: all) */
    surfaces?: readonly Surface[];
    headers: Record<string, string>;
    /** The profile it stands for: one shadow of each at a time, and those of neighbours behind the same process beside it. */
    sourceId: string;
    workDir: string;
    secret: SecretOf;
    /** On top of everything else, also of the env file. */
    env?: Record<string, string>;
    signal: AbortSignal;
  },
  act: (shadow: Shadow) => Promise<T>,
): Promise<T> {
  const shadow = service.shadow;
  if (!shadow) {
    throw new CutoverError({
      code: 'smoke_failed',
      message: `Service ${service.name} has no shadow in the fleet file.`,
      advice: 'Add shadow (argv, cwd, port_variable) to the service.',
    });
  }
  const port = await freePort();
  const folder = path.join(options.workDir, `shadow-${service.name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logFile = path.join(folder, 'service.log');
  const env = {
    ...serviceEnv(service, options.secret),
    ...secretValues(shadow.env_secrets, options.secret),
    ...shadowOverlay(service, options.mode, port, logFile, options.surfaces),
    ...options.env,
  };
  const record = recordFile(service.name, options.sourceId);
  await endLeftover(record);
  const started = await spawnDetached({
    argv: shadow.argv,
    cwd: shadow.cwd,
    env,
    outFile: path.join(folder, 'output.log'),
    name: `${service.name} (shadow)`,
    onSpawn: ({ pid, birth }) => writeAtOnce(record, JSON.stringify({ pid, birth })),
  });
  const url = `http://127.0.0.1:${port}`;
  const asService: ServiceEntry = { ...service, instances: [url], log_file: logFile };
  const end = () => {
    void endProcess(started.pid, started.birth, 1).catch(() => undefined);
  };
  options.signal.addEventListener('abort', end, { once: true });
  process.once('exit', killNow);
  function killNow(): void {
    try {
      process.kill(-started.pid, 'SIGKILL');
    } catch {
      /* it is gone */
    }
  }
  try {
    await waitReady(asService, {
      headers: options.headers,
      mode: options.mode,
      ...(options.surfaces ? { surfaces: options.surfaces } : {}),
      signal: options.signal,
    });
    return await act({ url, pid: started.pid, logFile, service: asService, openFiles: () => openFilesOf(started.pid) });
  } finally {
    options.signal.removeEventListener('abort', end);
    await endProcess(started.pid, started.birth, 3);
    process.removeListener('exit', killNow);
  }
}

/** A source id may be longer than a file name and hold anything; its digest does not. */
function recordFile(serviceName: string, sourceId: string): string {
  const profile = createHash('sha256').update(sourceId).digest('hex').slice(0, 12);
  return path.join(homeFolder('services'), `${serviceName}.${profile}.shadow.json`);
}

/** A shadow whose step was killed by SIGKILL is still there; the next one of its profile, or the end of the console, ends it. */
async function endLeftover(record: string): Promise<void> {
  const left = readJson<{ pid: number; birth: string }>(record);
  if (left) await endProcess(left.pid, left.birth, 2);
}

/** The env overlay of a shadow; the plan shows it with the port left open. */
export function shadowOverlay(
  service: ServiceEntry,
  mode: string,
  port: number | string,
  logFile: string,
  surfaces: readonly Surface[] = surfacesOf(service),
): Record<string, string> {
  const shadow = service.shadow;
  // A shadow that writes beside its database does so in the attempt's own folder, which is emptied with it.
  const own = Object.entries(shadow?.env ?? {}).map(([name, value]) => [
    name,
    value.replaceAll('${work_dir}', path.dirname(logFile)),
  ]);
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(surfaces.map(({ variable }) => [variable, mode])),
    ...(shadow ? { [shadow.port_variable]: String(port) } : {}),
    ...(shadow?.log_variable ? { [shadow.log_variable]: logFile } : {}),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
