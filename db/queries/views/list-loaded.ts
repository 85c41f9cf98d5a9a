import { and, eq } from 'drizzle-orm';
import { cutover, fact } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Open cutovers, before their switch, whose rows are loaded: the import left its ledger's digest. */
export const listLoaded = (db: Reader): Promise<{ cutoverId: string; sourceId: string }[]> =>
  db
    .select({ cutoverId: cutover.id, sourceId: cutover.sourceId })
    .from(cutover)
    .innerJoin(fact, and(eq(fact.cutoverId, cutover.id), eq(fact.name, 'ledgerDigest')))
    .where(eq(cutover.state, 'open'))
    .orderBy(cutover.sourceId);
