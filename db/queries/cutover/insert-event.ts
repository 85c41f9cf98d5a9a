import { eq, sql } from 'drizzle-orm';
import { cutover, cutoverEvent } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

export type EventKind =
  | 'attempt'
  | 'checkpoint'
  | 'sign_off'
  | 'tick'
  | 'state'
  | 'note'
  | 'finding'
  | 'plan'
  | 'reminder';

/** Takes its number under the cutover's row lock, so that numbers are in commit order, and wakes the streams at commit. */
export async function insertEvent(
  tx: Tx,
  cutoverId: string,
  kind: EventKind,
  stepId: string | null,
  what: Json,
): Promise<number> {
  const [row] = await tx
    .update(cutover)
    .set({ eventSeq: sql`${cutover.eventSeq} + 1` })
    .where(eq(cutover.id, cutoverId))
    .returning({ n: cutover.eventSeq });
  const n = row?.n ?? 0;
  await tx.insert(cutoverEvent).values({ cutoverId, n, kind, stepId, what, at: sql`clock_timestamp()` });
  await tx.execute(sql`notify live`);
  return n;
}
