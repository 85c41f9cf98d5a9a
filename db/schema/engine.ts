import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  bigint,
} from 'drizzle-orm/pg-core';
import type { Json } from '@/lib/shared/json';
import type { MachineReading } from '@/lib/shared/machine-reading';
import type { ReachReading } from '@/lib/shared/reach-reading';
import type { TargetUnread } from '@/lib/shared/target-unread';
import type { SurfaceReadings } from '@/lib/shared/surface-readings';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A living worker process; `id` is per process life. A worker whose row is gone leaves. */
export const worker = pgTable('worker', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  engineRef: text('engine_ref'),
  startedAt: at('started_at').notNull().defaultNow(),
  beat: at('beat').notNull().defaultNow(),
  /** Written by the worker when it registers. */
  machine: jsonb('machine').$type<MachineReading>().notNull().default({}),
});

/** A worker that ended or fell silent: its name, and when it was last heard. */
export const goneWorker = pgTable('gone_worker', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  lastBeat: at('last_beat').notNull(),
  goneAt: at('gone_at').notNull().defaultNow(),
});

/** When each profile is read next; claimed with SKIP LOCKED, never a queue job. */
export const profilePoll = pgTable(
  'profile_poll',
  {
    system: text('system').notNull(),
    sourceId: text('source_id').notNull(),
    nextAt: at('next_at').notNull().defaultNow(),
    everySeconds: integer('every_seconds').notNull().default(5),
  },
  (t) => [primaryKey({ columns: [t.system, t.sourceId] }), index('profile_poll_due').on(t.nextAt)],
);

/** Profiles that no fleet file names: files chosen on the page Move one file. The built-in system holds them. */
export const storedProfile = pgTable(
  'stored_profile',
  {
    system: text('system').notNull(),
    sourceId: text('source_id').notNull(),
    /** The same shape as a profile of the fleet file: paths and names of secrets, never values. */
    entry: jsonb('entry').$type<Json>().notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: at('added_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.system, t.sourceId] })],
);

/** The newest reading of a profile; the page's one row per profile. */
export const profileState = pgTable(
  'profile_state',
  {
    system: text('system').notNull(),
    sourceId: text('source_id').notNull(),
    declared: text('declared'),
    observed: text('observed'),
    healthy: boolean('healthy'),
    latencyMs: doublePrecision('latency_ms'),
    /** Why observed is unknown or differs, one sentence. */
    cause: text('cause'),
    error: jsonb('error').$type<Json | null>(),
    readAt: at('read_at').notNull(),
    /** Since when declared and observed differ, or observed is unknown. */
    driftSince: at('drift_since'),
    instances: jsonb('instances').$type<Json>().notNull().default([]),
    /** Each surface by itself, and what stays on purpose; both empty where a service has one backend. */
    surfaces: jsonb('surfaces').$type<SurfaceReadings>().notNull().default({ surfaces: [], stays: [] }),
    /** Whether the target answers and the source's disk has room; null while no cutover is open. */
    reach: jsonb('reach').$type<ReachReading | null>(),
    sourceBytes: bigint('source_bytes', { mode: 'bigint' }),
    targetBytes: bigint('target_bytes', { mode: 'bigint' }),
    /** [{table, source, target}] row counts as decimal text or null. */
    counts: jsonb('counts')
      .$type<{ table: string; source: string | null; target: string | null }[]>()
      .notNull()
      .default([]),
    countedAt: at('counted_at'),
    /** Since when the target was not reached, and why; null where the newest look read it. */
    targetUnread: jsonb('target_unread').$type<TargetUnread | null>(),
    registry: jsonb('registry').$type<Json | null>(),
  },
  (t) => [primaryKey({ columns: [t.system, t.sourceId] })],
);

/** History of readings, for sparkline and chart; pruned after 7 days. */
export const profileReading = pgTable(
  'profile_reading',
  {
    system: text('system').notNull(),
    sourceId: text('source_id').notNull(),
    at: at('at').notNull(),
    observed: text('observed'),
    healthy: boolean('healthy').notNull(),
    latencyMs: doublePrecision('latency_ms'),
  },
  (t) => [primaryKey({ columns: [t.system, t.sourceId, t.at] })],
);

/** Append-only hash chain; a trigger (migration) refuses update, delete and truncate. */
export const auditEntry = pgTable('audit_entry', {
  n: integer('n').primaryKey(),
  /** The exact canonical text that was hashed: actor, act, at, cutover, what, previous. */
  body: text('body').notNull(),
  at: at('at').notNull(),
  actor: text('actor').notNull(),
  actorRole: text('actor_role').notNull(),
  act: text('act').notNull(),
  system: text('system'),
  sourceId: text('source_id'),
  cutoverId: text('cutover_id'),
  summary: text('summary').notNull(),
  previous: text('previous').notNull(),
  hash: text('hash').notNull(),
});

export const auditCheckpoint = pgTable('audit_checkpoint', {
  n: integer('n').primaryKey(),
  hash: text('hash').notNull(),
  keyId: text('key_id').notNull(),
  signature: text('signature').notNull(),
  at: at('at').notNull().defaultNow(),
});

/** One row: schema level and instance id of this control plane. */
export const control = pgTable('control', {
  id: integer('id').primaryKey(),
  instance: text('instance').notNull(),
  schemaLevel: integer('schema_level').notNull(),
});
