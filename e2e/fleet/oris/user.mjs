import { randomUUID } from 'node:crypto';
import { openUserWalk } from '../parts/user-walk.mjs';

/**
 * One runtime's callers as one endless walk: read the jobs, queue one, pause. What is queued stays queued, so that a
 * check finds each acknowledged attempt again; the same idempotency key each time, so a retry never doubles a job.
 * @param options as of openUserWalk
 */
export async function runUser(options) {
  const { signal } = options;
  const { read, write, pause } = openUserWalk({ ...options, requestIdHeader: 'x-oris-request-id' });
  while (!signal.aborted) {
    await read('/v1/jobs?limit=20');
    await pause();
    if (signal.aborted) break;
    const id = randomUUID();
    const body = { thread_id: `demo-${id}`, input: 'demo', idempotency_key: id };
    await write({
      method: 'POST',
      path: '/v1/jobs/run',
      body,
      table: 'runtime_attempts',
      keyOf: (answer) => ({ attempt_id: answer.data.attempt_id }),
      column: 'run_id',
      value: body.thread_id,
    });
    await pause();
  }
}
