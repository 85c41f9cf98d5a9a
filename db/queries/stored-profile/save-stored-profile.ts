import { storedProfile } from '@/db/schema';
import type { Tx } from '@/db/tx';

/** A profile is its system and source id: saved again, its entry is the new one. */
export async function saveStoredProfile(tx: Tx, row: typeof storedProfile.$inferInsert): Promise<void> {
  const { entry, addedBy } = row;
  await tx
    .insert(storedProfile)
    .values(row)
    .onConflictDoUpdate({ target: [storedProfile.system, storedProfile.sourceId], set: { entry, addedBy } });
}
