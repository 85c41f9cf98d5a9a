import { and, eq } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { profileState } from '@/db/schema';
import type { Json } from '@/lib/shared/json';

export type Measure = {
  sourceBytes: string | null;
  targetBytes: string | null;
  at: string;
  registry: Json;
  counts: { table: string; source: string | null; target: string | null }[];
  error: Json | null;
};

const bytes = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

export async function saveMeasure(db: Db, system: string, sourceId: string, measure: Measure): Promise<void> {
  await db
    .update(profileState)
    .set({
      sourceBytes: bytes(measure.sourceBytes),
      targetBytes: bytes(measure.targetBytes),
      counts: measure.counts,
      countedAt: new Date(measure.at),
      registry: measure.registry,
      error: measure.error,
    })
    .where(and(eq(profileState.system, system), eq(profileState.sourceId, sourceId)));
}
