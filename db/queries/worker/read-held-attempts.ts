import { inArray } from 'drizzle-orm';
import { attempt } from '@/db/schema';
import type { Reader } from '@/db/tx';
import type { AttemptState } from '@/lib/shared/statuses';

export async function readHeldAttempts(
  db: Reader,
  ids: string[],
): Promise<Map<string, { epoch: number; state: AttemptState }>> {
  const rows = await db
    .select({ id: attempt.id, epoch: attempt.epoch, state: attempt.state })
    .from(attempt)
    .where(inArray(attempt.id, ids));
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}
