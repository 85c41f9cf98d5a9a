import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { cutover } from '@/db/schema';
import type { Tx } from '@/db/tx';

type Reminder = { cutoverId: string; stepId: string; by: string };

/** Becomes the newest reminder of its cutover, unless the last one is younger.
 *  @param everySeconds time between two of one cutover
 *  @returns whether it was kept */
export async function saveReminder(
  tx: Tx,
  { cutoverId, stepId, by }: Reminder,
  everySeconds: number,
): Promise<boolean> {
  const kept = await tx
    .update(cutover)
    .set({ remindedAt: sql`clock_timestamp()`, remindedBy: by, remindedStep: stepId })
    .where(
      and(
        eq(cutover.id, cutoverId),
        or(
          isNull(cutover.remindedAt),
          lt(cutover.remindedAt, sql`clock_timestamp() - make_interval(secs => ${everySeconds})`),
        ),
      ),
    )
    .returning({ id: cutover.id });
  return kept.length > 0;
}
