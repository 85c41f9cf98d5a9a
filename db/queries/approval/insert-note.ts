import { note } from '@/db/schema';
import type { Tx } from '@/db/tx';

export async function insertNote(
  tx: Tx,
  row: { id: string; cutoverId: string; stepId: string | null; text: string; by: string },
): Promise<void> {
  await tx.insert(note).values(row);
}
