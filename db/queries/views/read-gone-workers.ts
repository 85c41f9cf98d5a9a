import { inArray } from 'drizzle-orm';
import { goneWorker } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Names and last beats of workers that ended, by id. */
export const readGoneWorkers = async (
  db: Reader,
  ids: string[],
): Promise<{ id: string; name: string; lastBeat: Date }[]> =>
  ids.length === 0
    ? []
    : db
        .select({ id: goneWorker.id, name: goneWorker.name, lastBeat: goneWorker.lastBeat })
        .from(goneWorker)
        .where(inArray(goneWorker.id, ids));
