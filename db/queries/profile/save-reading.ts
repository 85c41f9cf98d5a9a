import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { profileReading, profileState } from '@/db/schema';
import type { Json } from '@/lib/shared/json';
import type { ReachReading } from '@/lib/shared/reach-reading';
import type { SurfaceReadings } from '@/lib/shared/surface-readings';

export type Reading = {
  system: string;
  sourceId: string;
  declared: string | null;
  observed: string | null;
  healthy: boolean | null;
  latencyMs: number | null;
  cause: string | null;
  instances: Json;
  surfaces: SurfaceReadings;
  reach: ReachReading | null;
  at: Date;
};

/** The newest reading and one point of history. Drift keeps the time it began. Wakes pages only when something changed. */
export async function saveReading(db: Db, reading: Reading): Promise<void> {
  const { at, ...row } = reading;
  const drifting =
    row.observed === null ||
    row.declared !== row.observed ||
    row.surfaces.surfaces.some(({ declared, observed }) => declared !== observed);
  await inTx(db, async (tx) => {
    const before = await tx.execute<{
      declared: string | null;
      observed: string | null;
      healthy: boolean | null;
      cause: string | null;
    }>(sql`
      select declared, observed, healthy, cause from profile_state where system = ${row.system} and source_id = ${row.sourceId}`);
    await tx
      .insert(profileState)
      .values({ ...row, readAt: at, driftSince: drifting ? at : null })
      .onConflictDoUpdate({
        target: [profileState.system, profileState.sourceId],
        set: {
          declared: row.declared,
          observed: row.observed,
          healthy: row.healthy,
          latencyMs: row.latencyMs,
          cause: row.cause,
          instances: row.instances,
          surfaces: row.surfaces,
          reach: row.reach,
          readAt: at,
          driftSince: drifting ? sql`coalesce(${profileState.driftSince}, ${at.toISOString()}::timestamptz)` : null,
        },
      });
    await tx
      .insert(profileReading)
      .values({
        system: row.system,
        sourceId: row.sourceId,
        at,
        observed: row.observed,
        healthy: row.healthy ?? false,
        latencyMs: row.latencyMs,
      })
      .onConflictDoNothing();
    const old = before.rows[0];
    if (
      !old ||
      old.declared !== row.declared ||
      old.observed !== row.observed ||
      old.healthy !== row.healthy ||
      // Of several surfaces one may begin to differ while the whole stays mixed.
      (row.surfaces.surfaces.length > 0 && old.cause !== row.cause)
    )
      await tx.execute(sql`notify live`);
  });
}
