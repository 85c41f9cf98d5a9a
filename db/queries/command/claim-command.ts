import { eq } from 'drizzle-orm';
import { command } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

export type Claimed = { fresh: true } | { fresh: false; verb: string; actor: string; result: Json | null };

/** First statement of a press: a second press with the same key waits here for the first and then gets its result. */
export async function claimCommand(tx: Tx, key: string, verb: string, actor: string): Promise<Claimed> {
  const inserted = await tx
    .insert(command)
    .values({ key, verb, actor })
    .onConflictDoNothing()
    .returning({ key: command.key });
  if (inserted.length > 0) return { fresh: true };
  const [found] = await tx.select().from(command).where(eq(command.key, key));
  return { fresh: false, verb: found?.verb ?? '', actor: found?.actor ?? '', result: found?.result ?? null };
}
