import { fork } from 'node:child_process';
import type { FromChild, ToChild } from './messages';
import { passedOn } from './step-process';

const limitMs = 60_000;

/** Puts one question to a process of its own; null when it failed or took over a minute.
 *  @param pick the answer in a message, undefined while it is another message */
export function askChild<T>(
  childPath: string,
  question: ToChild,
  pick: (message: FromChild) => T | undefined,
): Promise<T | null> {
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
      if (message.type === 'ready') child.send(question, () => undefined);
      const answer = pick(message);
      if (answer !== undefined) resolve(answer);
      if (answer !== undefined || message.type === 'failed') child.kill('SIGKILL');
    });
    child.on('exit', () => {
      clearInterval(ping);
      clearTimeout(late);
      resolve(null);
    });
  });
}
