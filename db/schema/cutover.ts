import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Json } from '@/lib/shared/json';
import type { AttemptState, CutoverState, VerdictWord } from '@/lib/shared/statuses';
import type { Progress, PlanLine, RowDiffSummary } from '@/lib/shared/evidence';
import type { ErrorFacts } from '@/lib/errors';
import { user } from './people';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One profile walking one runbook. Runbook and fleet entry are pinned here; an edit of the files shows as a difference. */
export const cutover = pgTable(
  'cutover',
  {
    id: text('id').primaryKey(),
    system: text('system').notNull(),
    sourceId: text('source_id').notNull(),
    kind: text('kind').$type<'live' | 'rehearsal'>().notNull().default('live'),
    state: text('state').$type<CutoverState>().notNull().default('planned'),
    runbookName: text('runbook_name').notNull(),
    runbookDigest: text('runbook_digest').notNull(),
    runbook: jsonb('runbook').$type<Json>().notNull(),
    fleetDigest: text('fleet_digest').notNull(),
    /** The system's fleet entry, with this profile, as it was at the start. Names of secrets, never values. */
    fleetEntry: jsonb('fleet_entry').$type<Json>().notNull(),
    serviceKey: text('service_key').notNull(),
    t0: at('t0').notNull(),
    openedBy: text('opened_by')
      .notNull()
      .references(() => user.id),
    /** Person ids asked at the planning to sign it off. Anybody with the role still may. */
    asked: jsonb('asked').$type<string[]>().notNull().default([]),
    /** The newest reminder of a sign-off that waits; earlier ones stand in the audit log. */
    remindedAt: at('reminded_at'),
    remindedBy: text('reminded_by').references(() => user.id),
    remindedStep: text('reminded_step'),
    createdAt: at('created_at').notNull().defaultNow(),
    openedAt: at('opened_at'),
    switchedAt: at('switched_at'),
    frozenMs: integer('frozen_ms'),
    rolledBackAt: at('rolled_back_at'),
    endedAt: at('ended_at'),
    /** Raised by a break-glass rollback; null again once a person has confirmed it. */
    outsideActAt: at('outside_act_at'),
    /** Shared by the cutovers of profiles behind one process that were switched by one press; null while alone. */
    switchGroup: text('switch_group'),
    /** Last number given to a cutover event; taken under this row's lock. */
    eventSeq: integer('event_seq').notNull().default(0),
  },
  (t) => [
    uniqueIndex('cutover_one_open_per_profile')
      .on(t.system, t.sourceId)
      .where(sql`state in ('planned','open','switched','rolled_back')`),
  ],
);

export const cutoverEvent = pgTable(
  'cutover_event',
  {
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    n: integer('n').notNull(),
    at: at('at').notNull().defaultNow(),
    /** attempt | checkpoint | sign_off | tick | state | note | finding | plan | reminder */
    kind: text('kind').notNull(),
    stepId: text('step_id'),
    what: jsonb('what').$type<Json>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.cutoverId, t.n] })],
);

/** Epochs of attempts. One sequence for all: locks and ledgers outlive the attempt that wrote them. */
export const attemptEpoch = pgSequence('attempt_epoch', { startWith: 1, maxValue: 2_147_483_647 });

/** What an attempt does: make a plan, run a step (and check it), only check it again, or undo it. */
export type AttemptVerb = 'plan' | 'run' | 'check' | 'undo';

export const attempt = pgTable(
  'attempt',
  {
    id: text('id').primaryKey(),
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    verb: text('verb').$type<AttemptVerb>().notNull(),
    /** 1, 2, … among the attempts of this step and verb. */
    no: integer('no').notNull(),
    state: text('state').$type<AttemptState>().notNull().default('queued'),
    /** Fencing token from one rising sequence, so that a later attempt's is always higher than an earlier one's. */
    epoch: integer('epoch').notNull().default(sql`nextval('attempt_epoch')`),
    /** Attempts with the same key never run at once; null may run beside others. */
    serviceKey: text('service_key'),
    worker: text('worker'),
    /** Workers that held it before, in order. `lostAt`: the last beat of the lost one; `resumedAt`: when the next went on. */
    takeovers: jsonb('takeovers')
      .$type<
        { worker: string | null; epoch: number; lostAt: string; takenAt?: string; resumedAt?: string; by?: string }[]
      >()
      .notNull()
      .default([]),
    requestedBy: text('requested_by').references(() => user.id),
    /** The press that started a sequence (switch, rollback); its attempts follow each other without another press. */
    pressId: text('press_id'),
    planDigest: text('plan_digest'),
    /** When the worker found a new plan equal to plan_digest; a taken-over attempt is not asked again. */
    planMatchedAt: at('plan_matched_at'),
    /** Attempt ids this one rested on, by step id: newer ones make its verdict stale. */
    basis: jsonb('basis').$type<Record<string, string>>().notNull().default({}),
    progress: jsonb('progress').$type<Progress | null>(),
    error: jsonb('error').$type<Required<ErrorFacts> | null>(),
    queuedAt: at('queued_at').notNull().defaultNow(),
    /** When a worker first took it; a take-over keeps it. */
    startedAt: at('started_at'),
    /** When the worker that holds it took it. */
    claimedAt: at('claimed_at'),
    endedAt: at('ended_at'),
    deadlineAt: at('deadline_at'),
    logLines: integer('log_lines').notNull().default(0),
  },
  (t) => [
    uniqueIndex('attempt_one_running_per_service')
      .on(t.serviceKey)
      .where(sql`state in ('running','checking','cancelling') and service_key is not null`),
    uniqueIndex('attempt_one_live_per_step')
      .on(t.cutoverId, t.stepId)
      .where(sql`state in ('queued','running','checking','cancelling')`),
    uniqueIndex('attempt_no').on(t.cutoverId, t.stepId, t.verb, t.no),
    index('attempt_live').on(t.state).where(sql`state in ('queued','running','checking','cancelling')`),
  ],
);

export const attemptLog = pgTable(
  'attempt_log',
  {
    attemptId: text('attempt_id')
      .notNull()
      .references(() => attempt.id),
    seq: integer('seq').notNull(),
    at: at('at').notNull(),
    level: text('level').notNull(),
    stream: text('stream').notNull(),
    text: text('text').notNull(),
  },
  (t) => [primaryKey({ columns: [t.attemptId, t.seq] })],
);

/** A plan as the worker made it. Run and sign-offs carry its digest. */
export const plan = pgTable(
  'plan',
  {
    attemptId: text('attempt_id')
      .primaryKey()
      .references(() => attempt.id),
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    digest: text('digest').notNull(),
    lines: jsonb('lines').$type<PlanLine[]>().notNull(),
    /** Rows the act would drop (rollback without a way back); moves by itself, so outside the digest. */
    loss: jsonb('loss').$type<RowDiffSummary | null>(),
    madeAt: at('made_at').notNull().defaultNow(),
  },
  (t) => [index('plan_step').on(t.cutoverId, t.stepId)],
);

/** A claim about the world with evidence, as `check` found it. */
export const checkpoint = pgTable(
  'checkpoint',
  {
    id: text('id').primaryKey(),
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    attemptId: text('attempt_id')
      .notNull()
      .references(() => attempt.id),
    key: text('key').notNull(),
    claim: text('claim').notNull(),
    verdict: text('verdict').$type<VerdictWord>().notNull(),
    evidence: jsonb('evidence').$type<Json>().notNull(),
    digest: text('digest').notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [index('checkpoint_step').on(t.cutoverId, t.stepId)],
);

/** Facts a later step needs from an earlier one: schema name, snapshot path, counts. Written with the attempt's verdict. */
export const fact = pgTable(
  'fact',
  {
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    name: text('name').notNull(),
    attemptId: text('attempt_id')
      .notNull()
      .references(() => attempt.id),
    value: jsonb('value').$type<Json>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.cutoverId, t.stepId, t.name] })],
);

export const snapshot = pgTable('snapshot', {
  id: text('id').primaryKey(),
  system: text('system').notNull(),
  sourceId: text('source_id').notNull(),
  cutoverId: text('cutover_id')
    .notNull()
    .references(() => cutover.id),
  attemptId: text('attempt_id')
    .notNull()
    .references(() => attempt.id),
  kind: text('kind').$type<'source' | 'target' | 'export'>().notNull(),
  path: text('path').notNull(),
  digest: text('digest').notNull(),
  bytes: bigint('bytes', { mode: 'bigint' }).notNull(),
  manifest: jsonb('manifest').$type<Json>().notNull(),
  takenAt: at('taken_at').notNull().defaultNow(),
  verifiedAt: at('verified_at'),
  /** The file is gone since; the row and its digest stay. */
  deletedAt: at('deleted_at'),
});

/** A value that does not fit: a person decides on it by naming a rule. */
export const finding = pgTable(
  'finding',
  {
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    /** Stable over repeated checks: table, column and code. */
    key: text('key').notNull(),
    stepId: text('step_id').notNull(),
    code: text('code').notNull(),
    tableName: text('table_name').notNull(),
    columnName: text('column_name'),
    count: bigint('count', { mode: 'bigint' }).notNull(),
    sample: jsonb('sample').$type<Json>().notNull(),
    message: text('message').notNull(),
    rules: jsonb('rules').$type<{ name: string; effect: string }[]>().notNull(),
    blocking: integer('blocking').notNull().default(1),
    attemptId: text('attempt_id')
      .notNull()
      .references(() => attempt.id),
    rule: text('rule'),
    ruleBy: text('rule_by').references(() => user.id),
    ruleAt: at('rule_at'),
  },
  (t) => [primaryKey({ columns: [t.cutoverId, t.key] })],
);

/** What a step keeps for itself over its attempts: where it stands, what it has done. Written under the attempt's epoch. */
export const stepState = pgTable(
  'step_state',
  {
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    name: text('name').notNull(),
    value: jsonb('value').$type<Json>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.cutoverId, t.stepId, t.name] })],
);
