import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { secretValues } from '@/lib/fleet/secret-names';
import { CutoverError } from '@/lib/errors';
import { homeFolder, readJson, writeAtOnce, writeWhole } from './data-home';
import { readEnvFile } from './env-file';
import { withHostLock } from './host-lock';
import { birthOf, isAlive } from './process-birth';

export type SecretOf = (envName: string) => string;
export type ProcessRecord = {
  service: string;
  pid: number;
  birth: string;
  startedAt: string;
  argv: string[];
  /** Digest of the env file it was started with. */
  envDigest: string;
  /** false: stopped on purpose, so supervision leaves it down. */
  wanted: boolean;
  /** Names of secrets that a step unset: it runs without them, also when supervision starts it again. */
  without?: string[];
};
type Managed = Extract<ServiceEntry['restart'], { kind: 'managed' }>;

const recordFile = (name: string): string => path.join(homeFolder('services'), `${name}.json`);
export const readProcessRecord = (name: string): ProcessRecord | null => readJson<ProcessRecord>(recordFile(name));

const outFile = (name: string): string => path.join(homeFolder('services'), `${name}.out`);

/** What a managed service printed last, one line. */
export function lastOutput(name: string): string {
  const text = existsSync(outFile(name)) ? readFileSync(outFile(name), 'utf8') : '';
  return text.trim().split('\n').at(-1)?.slice(-400) ?? '';
}

/** The record of a service that runs now, whoever started it; null when it is down. */
export function runningProcess(name: string): ProcessRecord | null {
  const record = readProcessRecord(name);
  return record && isAlive(record.pid, record.birth) ? record : null;
}

function managedOf(service: ServiceEntry): Managed {
  if (service.restart.kind === 'managed') return service.restart;
  throw new CutoverError({
    code: 'input_invalid',
    message: `Service ${service.name} is not managed by the console.`,
    advice: 'Set restart.kind to managed in the fleet file, or use its restart command.',
  });
}

/** Variables every child may have; nothing of the console's own environment goes further. */
export function baseEnv(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])),
  );
}

/** A service's whole environment: base, the fleet file's list, secrets by name, env file on top. */
export function serviceEnv(service: ServiceEntry, secret: SecretOf): Record<string, string> {
  return {
    ...baseEnv(),
    ...service.restart.env,
    ...secretValues(service.restart.env_secrets, secret),
    ...readEnvFile(service.env_file).values,
  };
}

/** Starts a managed service detached, unless it runs already. Its output goes to a file, so it outlives the console. */
export async function startManaged(
  service: ServiceEntry,
  secret: SecretOf,
  unset?: readonly string[],
): Promise<ProcessRecord> {
  const managed = managedOf(service);
  const running = runningProcess(service.name);
  if (running) return running;
  const envDigest = readEnvFile(service.env_file).digest;
  const without = [...(unset ?? readProcessRecord(service.name)?.without ?? [])];
  const env = serviceEnv(service, secret);
  for (const name of without) delete env[name];
  const more = { argv: managed.argv, envDigest, wanted: true, ...(without.length ? { without } : {}) };
  const recordOf = (started: Started): ProcessRecord => ({ service: service.name, ...started, ...more });
  const started = await spawnDetached({
    argv: managed.argv,
    cwd: managed.cwd,
    env,
    outFile: outFile(service.name),
    name: service.name,
    onSpawn: (born) => writeAtOnce(recordFile(service.name), JSON.stringify(recordOf(born), null, 2)),
  });
  return recordOf(started);
}

export type Started = { pid: number; birth: string; startedAt: string };

/** Spawns outside the console's process group, with its output in a file.
 *  @param input.onSpawn called before anything else can happen here: whoever ends right afterwards has left its record, and
 *  nobody starts a second process beside one that no record names
 *  @throws CutoverError service_restart_failed */
export async function spawnDetached(input: {
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  outFile: string;
  name: string;
  onSpawn(started: Started): void;
}): Promise<Started> {
  mkdirSync(path.dirname(input.outFile), { recursive: true, mode: 0o700 });
  const out = openSync(input.outFile, 'a', 0o600);
  try {
    const [command = '', ...args] = input.argv;
    // Nothing to trace into a build: what is started stands in the fleet file.
    const child = spawn(/* turbopackIgnore: true */ command, args, {
      cwd: input.cwd,
      env: input.env as NodeJS.ProcessEnv,
      detached: true,
      stdio: ['ignore', out, out],
      shell: false,
    });
    const { pid } = child;
    const started = { pid: pid ?? 0, birth: pid ? (birthOf(pid) ?? '') : '', startedAt: new Date().toISOString() };
    if (pid) input.onSpawn(started);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return started;
  } catch (thrown) {
    throw new CutoverError(
      {
        code: 'service_restart_failed',
        message: `Service ${input.name} could not be started with ${input.argv.join(' ')}: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
        advice: 'Correct argv and cwd of the service in the fleet file.',
        retry: 'later',
      },
      { cause: thrown },
    );
  } finally {
    closeSync(out);
  }
}

/** Ends a process and its group: SIGTERM, then SIGKILL. Returns only when it is gone. */
export async function endProcess(pid: number, birth: string, stopSeconds: number): Promise<'ended' | 'killed'> {
  if (!isAlive(pid, birth)) return 'ended';
  signalGroup(pid, 'SIGTERM');
  if (await gone(pid, birth, stopSeconds * 1000)) return 'ended';
  signalGroup(pid, 'SIGKILL');
  if (await gone(pid, birth, 10_000)) return 'killed';
  throw new CutoverError({
    code: 'service_restart_failed',
    message: `Process ${pid} is still there 10 s after SIGKILL.`,
    advice: 'It hangs in the kernel (a disk or network mount); free that, then retry.',
    retry: 'later',
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const id of [-pid, pid]) {
    try {
      process.kill(id, signal);
      return;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    }
  }
}

async function gone(pid: number, birth: string, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    if (!isAlive(pid, birth)) return true;
    await sleep(25);
  }
  return !isAlive(pid, birth);
}

/** Stops a managed service. `wanted: false` keeps supervision from starting it again. */
export async function stopManaged(
  service: ServiceEntry,
  options: { wanted?: boolean } = {},
): Promise<'ended' | 'killed' | 'not running'> {
  const managed = managedOf(service);
  const record = readProcessRecord(service.name);
  if (!record) return 'not running';
  if (record.wanted !== (options.wanted ?? false)) {
    await writeWhole(
      recordFile(service.name),
      JSON.stringify({ ...record, wanted: options.wanted ?? false }, null, 2),
      0o600,
    );
  }
  if (!isAlive(record.pid, record.birth)) return 'not running';
  return endProcess(record.pid, record.birth, managed.stop_seconds);
}

/** Says whether supervision leaves a service down; what runs is not touched. */
export async function keepStopped(service: ServiceEntry, stopped: boolean): Promise<void> {
  const record = readProcessRecord(managedOf(service) && service.name);
  if (record)
    await writeWhole(recordFile(service.name), JSON.stringify({ ...record, wanted: !stopped }, null, 2), 0o600);
}

/** The old process is gone before the new one starts, so two never write side by side. */
export async function restartManaged(
  service: ServiceEntry,
  secret: SecretOf,
  unset?: readonly string[],
): Promise<ProcessRecord> {
  await stopManaged(service, { wanted: true });
  return startManaged(service, secret, unset);
}

/** Starts a managed service that is down and wanted; called by the worker's poll. A service under a host lock is left alone. */
export async function superviseManaged(
  service: ServiceEntry,
  secret: SecretOf,
): Promise<'running' | 'started' | 'stopped on purpose' | 'being changed' | 'not managed'> {
  if (service.restart.kind !== 'managed') return 'not managed';
  if (runningProcess(service.name)) return 'running';
  if (readProcessRecord(service.name)?.wanted === false) return 'stopped on purpose';
  // Two workers must not start it twice, nor one of them between the stop and the start of a switch.
  const input = { service: service.name, attemptId: `supervise-${process.pid}`, epoch: 1, waitMs: 0 };
  try {
    return await withHostLock(input, async () => {
      if (runningProcess(service.name)) return 'running';
      await startManaged(service, secret);
      return 'started';
    });
  } catch (thrown) {
    if (thrown instanceof CutoverError && thrown.code === 'service_busy') return 'being changed';
    throw thrown;
  }
}

/** Forgets a service that is down. */
export const forgetManaged = (name: string): void => rmSync(recordFile(name), { force: true });

/** Notes that the running process counts as started with this env file: the change concerned only how it starts. */
export async function adoptEnvDigest(name: string, envDigest: string): Promise<void> {
  const record = readProcessRecord(name);
  if (record) await writeWhole(recordFile(name), JSON.stringify({ ...record, envDigest }, null, 2), 0o600);
}
