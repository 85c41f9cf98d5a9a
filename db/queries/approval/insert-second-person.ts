import { secondPerson } from '@/db/schema';
import type { Tx } from '@/db/tx';

export async function insertSecondPerson(
  tx: Tx,
  row: { id: string; cutoverId: string; act: string; planDigest: string; by: string },
): Promise<void> {
  await tx.insert(secondPerson).values(row).onConflictDoNothing();
}
