import { override } from '@/db/schema';
import type { Tx } from '@/db/tx';

export async function insertOverride(
  tx: Tx,
  row: { id: string; cutoverId: string; stepId: string; attemptId: string; reason: string; by: string },
): Promise<void> {
  await tx.insert(override).values(row);
}
