import { stepState } from '@/db/schema';
import type { Tx } from '@/db/tx';
import type { Json } from '@/lib/shared/json';

export async function saveStepState(
  tx: Tx,
  row: { cutoverId: string; stepId: string; name: string; value: Json },
): Promise<void> {
  await tx
    .insert(stepState)
    .values(row)
    .onConflictDoUpdate({ target: [stepState.cutoverId, stepState.stepId, stepState.name], set: { value: row.value } });
}
