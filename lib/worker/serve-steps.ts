import { CutoverError, toFacts } from '@/lib/errors';
import type { Json } from '@/lib/shared/json';
import type { Measurer, TargetReader } from './messages';
import { redactJson } from '@/lib/shared/redact';
import { keepLease } from './lease';
import { rememberDsn } from './remember-dsn';
import { performTask, type Registry } from './perform-task';
import type { Ask, FromChild, ToChild } from './messages';

/** Without a word from the worker for this long the child ends: shorter than the time after which another takes over. */
const leaseMs = 8_000;

/** The life of a step's child process: tasks come over IPC one at a time; it ends with its parent. */
export function serveSteps(registry: Registry, measure?: Measurer, readTarget?: TargetReader): void {
  const send = (message: FromChild): void => {
    if (process.connected) process.send?.(message);
  };
  const waiting = new Map<number, { resolve(value: Json): void; reject(error: Error): void }>();
  let asked = 0;
  const heard = keepLease(leaseMs, () => process.exit(3));
  let current: AbortController | null = null;
  const ask = (what: Ask): Promise<Json> =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve, reject });
      send({ type: 'ask', id: asked, ask: what });
    });
  const end = (code: 'cancelled' | 'deadline_passed'): void => current?.abort(endedError(code));

  process.on('disconnect', () => process.exit(3));
  process.on('SIGTERM', () => (current ? end('cancelled') : process.exit(0)));
  process.on('SIGINT', () => undefined);
  process.on('message', (message: ToChild) => {
    heard();
    if (message.type === 'abort') end(message.code);
    if (message.type === 'reply') {
      waiting.get(message.id)?.resolve(message.value);
      waiting.delete(message.id);
    }
    if (message.type === 'refused') {
      waiting.get(message.id)?.reject(new CutoverError(message.error));
      waiting.delete(message.id);
    }
    if (message.type === 'measure') {
      rememberDsn(message.dsn);
      measure?.(message.profile, message.dsn, message.allowedRoots).then(
        (value) => send({ type: 'measured', value }),
        (thrown: unknown) => send({ type: 'failed', error: toFacts(thrown) }),
      );
    }
    if (message.type === 'read-target') {
      rememberDsn(message.question.dsn);
      readTarget?.(message.question).then(
        (value) => send({ type: 'target-read', value: redactJson(value) }),
        (thrown: unknown) => send({ type: 'failed', error: toFacts(thrown) }),
      );
    }
    if (message.type !== 'task') return;
    const { task } = message;
    for (const secret of Object.values(task.secrets)) rememberDsn(secret);
    const controller = new AbortController();
    current = controller;
    performTask(registry, task, { send, ask, signal: controller.signal })
      .then(
        (result) => send({ type: 'done', result }),
        (thrown: unknown) =>
          send({ type: 'failed', error: toFacts(controller.signal.aborted ? controller.signal.reason : thrown) }),
      )
      .finally(() => {
        current = null;
      });
  });
  send({ type: 'ready' });
}

const endedError = (code: 'cancelled' | 'deadline_passed'): CutoverError =>
  new CutoverError({
    code,
    message:
      code === 'cancelled'
        ? 'A person cancelled this attempt.'
        : 'The attempt took longer than its limit and was ended.',
    advice:
      code === 'cancelled'
        ? 'Retry goes on where it stopped.'
        : 'Look at its log; raise limit_seconds in the runbook if the time was needed.',
    retry: 'now',
  });
