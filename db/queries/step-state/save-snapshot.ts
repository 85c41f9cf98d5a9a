import { sql } from 'drizzle-orm';
import { snapshot } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

/** As it travels from a step child: bigint as decimal text. */
export type SentSnapshot = {
  id: string;
  kind: 'source' | 'target' | 'export';
  path: string;
  digest: string;
  bytes: string;
  manifest: Json;
  verified: boolean;
};
type Of = { id: string; cutoverId: string; system: string; sourceId: string };

export async function saveSnapshot(tx: Tx, of: Of, { verified, bytes, ...sent }: SentSnapshot): Promise<void> {
  const row = { ...sent, bytes: BigInt(bytes), verifiedAt: verified ? sql`clock_timestamp()` : null };
  await tx
    .insert(snapshot)
    .values({ ...row, system: of.system, sourceId: of.sourceId, cutoverId: of.cutoverId, attemptId: of.id })
    .onConflictDoUpdate({ target: snapshot.id, set: row });
}
