import { sql } from 'drizzle-orm';
import { attempt } from '@/db/schema';
import type { AttemptVerb } from '@/db/schema/cutover';
import type { Tx } from '@/db/tx';
import { enqueueAttempt } from './enqueue-attempt';

export type NewAttempt = {
  id: string;
  cutoverId: string;
  stepId: string;
  verb: AttemptVerb;
  serviceKey: string | null;
  requestedBy: string | null;
  pressId: string | null;
  planDigest: string | null;
};
type Attempt = typeof attempt.$inferSelect;

/** The attempt and its job in one transaction: either both are there or neither. The cutover's row must be locked. */
export async function insertAttempt(tx: Tx, input: NewAttempt, options: { first?: boolean } = {}): Promise<Attempt> {
  const [row] = await tx
    .insert(attempt)
    .values({
      ...input,
      no: sql`(select coalesce(max(no), 0) + 1 from attempt where cutover_id = ${input.cutoverId} and step_id = ${input.stepId} and verb = ${input.verb})`,
      queuedAt: sql`clock_timestamp()`,
    })
    .returning();
  if (!row) throw new TypeError('insert returned no row');
  await enqueueAttempt(tx, row, options);
  return row;
}
