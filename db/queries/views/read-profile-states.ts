import { and, asc, eq, gte, sql } from 'drizzle-orm';
import { profileReading, profileState } from '@/db/schema';
import type { Reader } from '@/db/tx';

export type ProfileStateRow = typeof profileState.$inferSelect;

/** Newest reading of every profile. */
export const readProfileStates = (db: Reader) => db.select().from(profileState);

export async function readProfileState(db: Reader, system: string, sourceId: string): Promise<ProfileStateRow | null> {
  const found = await db
    .select()
    .from(profileState)
    .where(and(eq(profileState.system, system), eq(profileState.sourceId, sourceId)));
  return found[0] ?? null;
}

/** The first of the newest readings in a row that were not healthy; null where the newest one is, or nothing is kept. */
export async function readFailingSince(db: Reader, system: string, sourceId: string): Promise<Date | null> {
  const { rows } = await db.execute<{ since: Date | string | null }>(sql`
    select min(at) as since from profile_reading where system = ${system} and source_id = ${sourceId} and not healthy
      and at > coalesce((select max(at) from profile_reading where system = ${system} and source_id = ${sourceId} and healthy), '-infinity')`);
  const since = rows[0]?.since ?? null;
  return since === null ? null : new Date(since);
}

/** Readings of one profile since a time, oldest first. */
export const readReadings = (db: Reader, system: string, sourceId: string, since: Date) =>
  db
    .select({
      at: profileReading.at,
      observed: profileReading.observed,
      healthy: profileReading.healthy,
      latencyMs: profileReading.latencyMs,
    })
    .from(profileReading)
    .where(and(eq(profileReading.system, system), eq(profileReading.sourceId, sourceId), gte(profileReading.at, since)))
    .orderBy(asc(profileReading.at));
