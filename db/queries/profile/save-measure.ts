import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { profileState } from '@/db/schema';
import type { Json } from '@/lib/shared/json';
import type { TargetUnread } from '@/lib/shared/target-unread';

export type Measure = {
  sourceBytes: string | null;
  targetBytes: string | null;
  at: string;
  /** How long ago the look began, in ms: a press that ended since is not in it. By the database's clock. */
  tookMs?: number;
  registry: Json;
  counts: { table: string; source: string | null; target: string | null }[];
  error: Json | null;
  /** Null: the target was read, whatever it held. */
  targetUnread: TargetUnread | null;
};

const bytes = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

/** A target that stays away keeps the time it was first not reached. */
export async function saveMeasure(db: Db, system: string, sourceId: string, measure: Measure): Promise<void> {
  await db
    .update(profileState)
    .set({
      sourceBytes: bytes(measure.sourceBytes),
      targetBytes: bytes(measure.targetBytes),
      counts: measure.counts,
      countedAt:
        measure.tookMs === undefined
          ? new Date(measure.at)
          : sql`clock_timestamp() - make_interval(secs => ${measure.tookMs / 1000})`,
      registry: measure.registry,
      error: measure.error,
      targetUnread: measure.targetUnread && keepSince(measure.targetUnread),
    })
    .where(and(eq(profileState.system, system), eq(profileState.sourceId, sourceId)));
}

const keepSince = (unread: TargetUnread) =>
  sql`${JSON.stringify(unread)}::jsonb || jsonb_build_object('since', coalesce(${profileState.targetUnread}->>'since', ${unread.since}::text))`;
