import { and, eq, sql } from 'drizzle-orm';
import { attempt } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** queued → cancelled, running or checking → cancelling (its worker ends the child). Null when it had ended before. */
export async function cancelAttemptRow(
  tx: Tx,
  cutoverId: string,
  attemptId: string,
): Promise<'cancelled' | 'cancelling' | null> {
  const rows = await tx
    .update(attempt)
    .set({
      state: sql`case when state = 'queued' then 'cancelled' else 'cancelling' end`,
      endedAt: sql`case when state = 'queued' then clock_timestamp() end`,
    })
    .where(
      and(eq(attempt.id, attemptId), eq(attempt.cutoverId, cutoverId), sql`state in ('queued', 'running', 'checking')`),
    )
    .returning({ state: attempt.state });
  await tx.execute(sql`notify attempt_wake`);
  return (rows[0]?.state as 'cancelled' | 'cancelling' | undefined) ?? null;
}
