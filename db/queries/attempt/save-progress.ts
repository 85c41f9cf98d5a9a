import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import type { Progress } from '@/lib/shared/evidence';
import { updateHeldAttempt } from './update-held-attempt';

export const saveProgress = (db: Db, id: string, epoch: number, progress: Progress): Promise<void> =>
  inTx(db, async (tx) => {
    if (await updateHeldAttempt(tx, id, epoch, { progress })) await tx.execute(sql`notify live`);
  });
