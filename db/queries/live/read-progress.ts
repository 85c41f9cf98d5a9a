import { eq } from 'drizzle-orm';
import { attempt } from '@/db/schema';
import type { Reader } from '@/db/tx';

export async function readProgress(db: Reader, attemptId: string) {
  const found = await db.select({ progress: attempt.progress }).from(attempt).where(eq(attempt.id, attemptId));
  return found[0]?.progress ?? null;
}
