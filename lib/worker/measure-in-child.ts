import { fork } from 'node:child_process';
import type { ProfileEntry } from '@/lib/fleet/schema';
import type { ProfileMeasure } from '@/lib/services/measure-profile';
import type { FromChild, ToChild } from './messages';
import { passedOn } from './step-process';

const limitMs = 60_000;

/** One slow reading of a profile in a process of its own; null when it failed or took over a minute. */
export function measureInChild(
  childPath: string,
  profile: ProfileEntry,
  dsn: string,
  allowedRoots: string[],
): Promise<ProfileMeasure | null> {
  const env = Object.fromEntries(passedOn.map((name) => [name, process.env[name]])) as NodeJS.ProcessEnv;
  return new Promise((resolve) => {
    const child = fork(childPath, [], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    const ping = setInterval(
      () => child.connected && child.send({ type: 'ping' } satisfies ToChild, () => undefined),
      1_000,
    );
    const late = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.on('error', () => undefined);
    child.on('message', (message: FromChild) => {
      if (message.type === 'ready')
        child.send({ type: 'measure', profile, dsn, allowedRoots } satisfies ToChild, () => undefined);
      if (message.type === 'measured') resolve(message.value);
      if (message.type === 'measured' || message.type === 'failed') child.kill('SIGKILL');
    });
    child.on('exit', () => {
      clearInterval(ping);
      clearTimeout(late);
      resolve(null);
    });
  });
}
