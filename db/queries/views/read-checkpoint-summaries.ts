import { eq, sql } from 'drizzle-orm';
import { checkpoint } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Checkpoint id → the one line of its evidence, for all of a cutover. */
export async function readCheckpointSummaries(db: Reader, cutoverId: string): Promise<Map<string, string>> {
  const found = await db
    .select({ id: checkpoint.id, summary: sql<string | null>`${checkpoint.evidence}->>'summary'` })
    .from(checkpoint)
    .where(eq(checkpoint.cutoverId, cutoverId));
  return new Map(found.map(({ id, summary }) => [id, summary ?? '']));
}
