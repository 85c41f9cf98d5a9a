import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { secretValues } from '@/lib/fleet/secret-names';
import { type Surface, surfacesOf } from '@/lib/fleet/surfaces';
import { CutoverError } from '@/lib/errors';
import type { HostLock } from './host-lock';
import { baseEnv, lastOutput, restartManaged, runningProcess, type SecretOf } from './managed-process';
import { type InstanceReading, modeOf, modeOver, observeInstance } from './observe-instance';

export type RestartResult = { before: string | null; after: string | null; output: string };

/** Restarts a service under its host lock: managed by the console, or by the argv of the fleet file (never through a shell). */
export async function restartService(
  service: ServiceEntry,
  secret: SecretOf,
  lock: HostLock,
  signal?: AbortSignal,
  /** Secrets that a managed process starts without from now on. (Default: as before) */
  without?: readonly string[],
): Promise<RestartResult> {
  lock.assertHeld();
  const old = runningProcess(service.name);
  if (service.restart.kind === 'managed') {
    const now = await restartManaged(service, secret, without);
    return { before: old ? `pid ${old.pid}` : null, after: `pid ${now.pid}`, output: '' };
  }
  const { code, output } = await runArgv(service.restart.argv, {
    cwd: service.restart.cwd,
    // Without env_file: the command starts something that reads it by itself.
    env: { ...baseEnv(), ...service.restart.env, ...secretValues(service.restart.env_secrets, secret) },
    seconds: service.ready_seconds * 3,
    signal,
  });
  if (code === 0) return { before: null, after: null, output };
  throw new CutoverError({
    code: 'service_restart_failed',
    message: `The restart command of ${service.name} ended with ${code}: ${output.trim().slice(-400) || 'no output'}.`,
    advice: 'Run the command by hand on the host and read the log of the service.',
    retry: 'later',
  });
}

/** Runs an argv to its end without a shell; output capped at 256 kB. `code` is null when it was ended by a signal. */
export async function runArgv(
  argv: string[],
  options: {
    cwd: string;
    env: Record<string, string>;
    seconds: number;
    signal?: AbortSignal;
    onLine?: (line: string, stream: 'out' | 'err') => void;
  },
): Promise<{ code: number | null; output: string; stdout: string }> {
  const [command = '', ...args] = argv;
  const timer = AbortSignal.timeout(options.seconds * 1000);
  const signal = options.signal ? AbortSignal.any([timer, options.signal]) : timer;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      signal,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let stdout = '';
    for (const stream of ['out', 'err'] as const) {
      let rest = '';
      const pipe = stream === 'out' ? child.stdout : child.stderr;
      pipe.setEncoding('utf8');
      pipe.on('data', (part: string) => {
        if (output.length < 262_144) output += part;
        if (stream === 'out' && stdout.length < 262_144) stdout += part;
        const lines = (rest + part).split('\n');
        rest = (lines.pop() ?? '').slice(-8192);
        for (const line of lines) options.onLine?.(line, stream);
      });
      pipe.on('end', () => {
        if (rest) options.onLine?.(rest, stream);
      });
    }
    child.on('error', (error) => {
      if (options.signal?.aborted) reject(options.signal.reason);
      else if (timer.aborted) reject(failed(argv, `did not end within ${options.seconds} s`));
      else reject(failed(argv, error.message));
    });
    child.on('close', (code) => resolve({ code, output, stdout }));
  });
}

const failed = (argv: string[], why: string): CutoverError =>
  new CutoverError({
    code: 'tool_failed',
    message: `${argv.join(' ')} ${why}.`,
    advice: 'Check that the program is installed where the fleet file says, and its output.',
    retry: 'later',
  });

/**
 * Waits until every instance answers and is healthy, and in `mode` if one is given (of `surfaces` only, if they are).
 * @throws CutoverError service_restart_failed | service_mode_wrong after ready_seconds
 */
export async function waitReady(
  service: ServiceEntry,
  options: {
    headers: Record<string, string>;
    mode?: string;
    surfaces?: readonly Surface[];
    /** Ends the wait at once when the managed process has ended by itself: it will not come up. */
    whileRunning?: boolean;
    signal?: AbortSignal;
  },
): Promise<InstanceReading[]> {
  const surfaces = options.surfaces ?? surfacesOf(service);
  const until = Date.now() + service.ready_seconds * 1000;
  for (;;) {
    options.signal?.throwIfAborted();
    const readings = await Promise.all(
      service.instances.map((url) => observeInstance(service, url, options.headers, options.signal)),
    );
    const ready = readings.every(
      (reading) => reading.healthy && (!options.mode || modeOver(reading, surfaces) === options.mode),
    );
    if (ready) return readings;
    if (options.whileRunning && service.restart.kind === 'managed' && !runningProcess(service.name))
      throw endedByItself(service);
    if (Date.now() > until) throw notReady(service, readings, surfaces, options.mode);
    await sleep(100);
  }
}

const endedByItself = (service: ServiceEntry): CutoverError =>
  new CutoverError({
    code: 'service_restart_failed',
    message: `Service ${service.name} ended right after its start. Its last words: ${lastOutput(service.name) || 'none'}`,
    advice: 'Mend what it says; until then it stays down, and what was changed before can be taken back.',
    retry: 'later',
  });

function notReady(
  service: ServiceEntry,
  readings: InstanceReading[],
  surfaces: readonly Surface[],
  mode?: string,
): CutoverError {
  const modes = (reading: InstanceReading): string =>
    surfaces.map(({ name }) => `${name === null ? 'mode' : name} ${modeOf(reading, name) ?? 'unknown'}`).join(', ');
  const told = readings.map((r) => `${r.url}: ${r.error ?? `healthy ${r.healthy}, ${modes(r)}`}`).join('; ');
  const wrongMode = mode !== undefined && readings.every((reading) => reading.healthy);
  return new CutoverError({
    code: wrongMode ? 'service_mode_wrong' : 'service_restart_failed',
    message: `Service ${service.name} is not ready${mode ? ` in mode ${mode}` : ''} after ${service.ready_seconds} s. ${told}.`,
    advice: `Read ${service.log_file}; the old backend can be returned to at any time.`,
    retry: 'later',
  });
}
