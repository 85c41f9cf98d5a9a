import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { profilePoll } from '@/db/schema';

/** The due table holds exactly the profiles of the fleet file. */
export async function syncPolls(db: Db, profiles: { system: string; sourceId: string }[]): Promise<void> {
  await inTx(db, async (tx) => {
    if (profiles.length > 0) await tx.insert(profilePoll).values(profiles).onConflictDoNothing();
    await tx.execute(sql`delete from profile_poll where (system, source_id) not in (
      select p->>'system', p->>'sourceId' from jsonb_array_elements(${JSON.stringify(profiles)}::jsonb) p)`);
  });
}
