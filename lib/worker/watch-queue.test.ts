import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { testEngine } from './testing/engine';

it('ends a worker that has room and lets a job wait, and none whose jobs are taken', async () => {
  const engine = await testEngine();
  const left: number[] = [];
  const give = (inSeconds = 0) =>
    engine.db.execute(
      sql`select graphile_worker.add_job('attempt', json_build_object('id', gen_random_uuid(), 'epoch', 1),
        run_at => clock_timestamp() + make_interval(secs => ${inSeconds}::int))`,
    );
  const waiting = async () =>
    (await engine.db.execute<{ n: number }>(sql`select count(*)::int as n from graphile_worker.jobs`)).rows[0]?.n;
  await engine.startHere({ untakenMs: 400, leave: (code) => left.push(code) });
  await give();
  await expect.poll(waiting).toBe(0);
  expect(left).toEqual([]);

  // The queue skips rows that somebody else holds: it lives and takes nothing.
  const other = new Client({ connectionString: engine.url });
  await other.connect();
  onTestFinished(() => other.end());
  await other.query('begin');
  // Due only once its row is held.
  await give(4);
  await other.query('select 1 from graphile_worker._private_jobs for update');
  await expect.poll(() => left, { timeout: 20_000 }).toEqual([71]);
});
