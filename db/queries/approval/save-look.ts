import { sql } from 'drizzle-orm';
import { reviewLook } from '@/db/schema';
import type { Tx } from '@/db/tx';

export async function saveLook(
  tx: Tx,
  row: { cutoverId: string; stepId: string; by: string; parts: Record<string, string> },
): Promise<void> {
  await tx
    .insert(reviewLook)
    .values({ ...row, at: sql`clock_timestamp()` })
    .onConflictDoUpdate({
      target: [reviewLook.cutoverId, reviewLook.stepId, reviewLook.by],
      set: { parts: row.parts, at: sql`clock_timestamp()` },
    });
}
