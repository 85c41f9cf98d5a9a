import { sql } from 'drizzle-orm';
import { attempt } from '@/db/schema';
import type { Db } from '@/db/client';

type Claim = { taken: typeof attempt.$inferSelect } | { taken: null; wait: { serviceKey: string | null } | null };
const uniqueViolation = (thrown: unknown): boolean => {
  for (let at = thrown; at instanceof Error; at = at.cause) if ('code' in at && at.code === '23505') return true;
  return false;
};

/** Takes a queued attempt for this worker. `wait`: it is still ours to run, but another of its cutover or service runs now. */
export async function claimAttempt(db: Db, id: string, epoch: number, worker: string): Promise<Claim> {
  try {
    const rows = await db
      .update(attempt)
      .set({
        state: 'running',
        worker,
        // The first start stays: how long a step took includes what a take-over cost.
        startedAt: sql`coalesce(${attempt.startedAt}, statement_timestamp())`,
        // One reading of the clock: the take-over went on when this claim was made.
        claimedAt: sql`statement_timestamp()`,
        takeovers: sql`case when jsonb_array_length(${attempt.takeovers}) = 0 or ${attempt.takeovers}->-1 ? 'resumedAt' then ${attempt.takeovers}
          else jsonb_set(${attempt.takeovers}, '{-1}', ${attempt.takeovers}->-1 || jsonb_build_object('by', ${worker}::text,
            'resumedAt', to_char(statement_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) end`,
      })
      .where(sql`${attempt.id} = ${id} and ${attempt.epoch} = ${epoch} and ${attempt.state} = 'queued' and (${attempt.verb} = 'plan' or not exists (
        select 1 from attempt other where other.cutover_id = ${attempt.cutoverId} and other.id <> ${id} and other.verb <> 'plan'
          and other.state in ('running', 'checking', 'cancelling')))`)
      .returning();
    if (rows[0]) return { taken: rows[0] };
  } catch (thrown) {
    if (!uniqueViolation(thrown)) throw thrown;
  }
  const [left] = await db
    .select({ serviceKey: attempt.serviceKey })
    .from(attempt)
    .where(sql`${attempt.id} = ${id} and ${attempt.epoch} = ${epoch} and ${attempt.state} = 'queued'`);
  return { taken: null, wait: left ?? null };
}
