import { fork, type ChildProcess } from 'node:child_process';
import { CutoverError } from '@/lib/errors';
import type { Json } from '@/lib/shared/json';
import { toFacts } from '@/lib/errors';
import type { Ask, FromChild, Task, TaskResult, ToChild } from './messages';

/** Names a step's child may see. DATABASE_URL and PG* are not among them. */
export const passedOn = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'NODE_ENV',
  'CUTOVER_HOME',
  'CUTOVER_FLEET',
  'CUTOVER_RUNBOOKS',
  'CUTOVER_DEMO',
  'CUTOVER_FAILPOINTS',
  'PG_BIN_DIR',
];
const pingMs = 1_000;
export const killAfterMs = 5_000;

export type Listener = {
  log(line: Extract<FromChild, { type: 'log' }>): void;
  progress(progress: Extract<FromChild, { type: 'progress' }>['progress']): void;
  checking(): void;
  answer(ask: Ask): Promise<Json>;
};
export type StepProcess = {
  pid: number | undefined;
  /** @throws CutoverError as the step raised it; child_died when the process is gone without a word */
  perform(task: Task, listener: Listener): Promise<TaskResult>;
  /** Asks the step to end; kills it 5 s later. */
  stop(code: 'cancelled' | 'deadline_passed'): void;
  /** At once: its epoch is lost, nothing of it counts. */
  kill(): void;
  alive(): boolean;
};

/** Starts a process that performs tasks one after another, so that a native crash ends one step and not the worker. */
export function startStepProcess(childPath: string): StepProcess {
  const env = Object.fromEntries(passedOn.map((name) => [name, process.env[name]])) as NodeJS.ProcessEnv;
  const child = fork(childPath, [], {
    env,
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let job: { listener: Listener; settle(result: TaskResult | Error): void } | null = null;
  let gone = false;
  let killer: NodeJS.Timeout | null = null;
  const tell = (message: ToChild): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  const ping = setInterval(() => tell({ type: 'ping' }), pingMs);
  const settle = (result: TaskResult | Error): void => {
    if (killer) clearTimeout(killer);
    killer = null;
    const settled = job;
    job = null;
    settled?.settle(result);
  };
  child.on('error', () => undefined);
  child.on('exit', (code, signal) => {
    gone = true;
    clearInterval(ping);
    settle(
      new CutoverError({
        code: 'child_died',
        message: `The step's process ended without a result (${signal ?? `exit ${code}`}).`,
        advice: 'Retry: every step resumes or probes. Its last lines are in the log.',
        retry: 'now',
        facts: { exit: code, signal },
      }),
    );
  });
  listenToOutput(child, (line) =>
    job?.listener.log({
      type: 'log',
      at: new Date().toISOString(),
      level: line.level,
      stream: line.stream,
      text: line.text,
    }),
  );
  child.on('message', (message: FromChild) => {
    if (message.type === 'done') return settle(message.result);
    if (message.type === 'failed') return settle(new CutoverError(message.error));
    if (message.type === 'log') return job?.listener.log(message);
    if (message.type === 'progress') return job?.listener.progress(message.progress);
    if (message.type === 'checking') return job?.listener.checking();
    if (message.type === 'ask') {
      const { id, ask } = message;
      job?.listener.answer(ask).then(
        (value) => tell({ type: 'reply', id, value }),
        (thrown: unknown) => tell({ type: 'refused', id, error: toFacts(thrown) }),
      );
    }
  });
  return {
    pid: child.pid,
    perform: (task, listener) =>
      new Promise((resolve, reject) => {
        job = { listener, settle: (result) => (result instanceof Error ? reject(result) : resolve(result)) };
        if (gone) child.emit('exit', child.exitCode, child.signalCode);
        else tell({ type: 'task', task });
      }),
    stop(code) {
      if (gone || killer) return;
      if (code === 'deadline_passed') tell({ type: 'abort', code });
      else child.kill('SIGTERM');
      killer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    alive: () => !gone && child.connected,
  };
}

type OutputLine = { level: 'info' | 'warn'; stream: 'out' | 'err'; text: string };

/** What libraries or tools print by themselves belongs into the log as well. */
function listenToOutput(child: ChildProcess, log: (line: OutputLine) => void): void {
  for (const [stream, readable] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    let rest = '';
    readable?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) if (text) log({ level: stream === 'err' ? 'warn' : 'info', stream, text });
    });
    readable?.on('end', () => {
      if (rest) log({ level: stream === 'err' ? 'warn' : 'info', stream, text: rest });
    });
  }
}
