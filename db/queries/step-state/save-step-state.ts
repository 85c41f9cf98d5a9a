import { sql } from 'drizzle-orm';
import { stepState } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

/** A null is kept as JSON's own: SQL's would say that nothing was saved, and the column refuses it. */
export async function saveStepState(
  tx: Tx,
  { value, ...row }: { cutoverId: string; stepId: string; name: string; value: Json },
): Promise<void> {
  const kept = value === null ? sql`'null'::jsonb` : value;
  await tx
    .insert(stepState)
    .values({ ...row, value: kept })
    .onConflictDoUpdate({ target: [stepState.cutoverId, stepState.stepId, stepState.name], set: { value: kept } });
}
