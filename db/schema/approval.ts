import { boolean, index, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Json } from '@/lib/shared/json';
import { cutover } from './cutover';
import { user } from './people';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A reviewer's decision on a fingerprint. A trigger (migration) refuses one by a person who operated this cutover. */
export const signOff = pgTable(
  'sign_off',
  {
    id: text('id').primaryKey(),
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    decision: text('decision').$type<'signed' | 'rejected'>().notNull(),
    reason: text('reason'),
    /** For which of the step's roles; null where it has none. */
    role: text('role'),
    /** The runbook lets one person decide for several roles. Otherwise a trigger (migration) refuses the second. */
    severalRoles: boolean('several_roles').notNull().default(false),
    /** Of the approval in the organisation's own records. */
    approvalReference: text('approval_reference'),
    fingerprint: text('fingerprint').notNull(),
    /** The fingerprint's parts as they were, so that a change can be shown part by part. */
    parts: jsonb('parts').$type<Record<string, string>>().notNull(),
    by: text('by')
      .notNull()
      .references(() => user.id),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [index('sign_off_step').on(t.cutoverId, t.stepId)],
);

/** What a reviewer saw when last here: the base of "changed since you last looked". */
export const reviewLook = pgTable(
  'review_look',
  {
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    by: text('by')
      .notNull()
      .references(() => user.id),
    parts: jsonb('parts').$type<Record<string, string>>().notNull(),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.cutoverId, t.stepId, t.by] })],
);

export const checklistTick = pgTable(
  'checklist_tick',
  {
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    stepId: text('step_id').notNull(),
    itemId: text('item_id').notNull(),
    note: text('note').notNull(),
    by: text('by')
      .notNull()
      .references(() => user.id),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.cutoverId, t.stepId, t.itemId] })],
);

/** The second person of an act that loses something or overrides a gate. Bound to a plan digest. */
export const secondPerson = pgTable(
  'second_person',
  {
    id: text('id').primaryKey(),
    cutoverId: text('cutover_id')
      .notNull()
      .references(() => cutover.id),
    /** 'rollback' or 'override:<stepId>' */
    act: text('act').notNull(),
    planDigest: text('plan_digest').notNull(),
    /** Rows that would be lost, as this person read them, in decimal; null: nobody could count them. */
    loss: text('loss'),
    /** When they were read; null: this act's loss is not read. */
    lossReadAt: at('loss_read_at'),
    by: text('by')
      .notNull()
      .references(() => user.id),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('second_person_once').on(t.cutoverId, t.act, t.planDigest, t.by)],
);

/** An admin's decision to go on without a verdict. Counts only once a second person stands behind it; shows for ever. */
export const override = pgTable('override', {
  id: text('id').primaryKey(),
  cutoverId: text('cutover_id')
    .notNull()
    .references(() => cutover.id),
  stepId: text('step_id').notNull(),
  attemptId: text('attempt_id'),
  reason: text('reason').notNull(),
  by: text('by')
    .notNull()
    .references(() => user.id),
  at: at('at').notNull().defaultNow(),
  confirmedBy: text('confirmed_by').references(() => user.id),
  confirmedAt: at('confirmed_at'),
});

export const note = pgTable('note', {
  id: text('id').primaryKey(),
  cutoverId: text('cutover_id')
    .notNull()
    .references(() => cutover.id),
  stepId: text('step_id'),
  text: text('text').notNull(),
  by: text('by')
    .notNull()
    .references(() => user.id),
  at: at('at').notNull().defaultNow(),
});

/** Idempotency of a press: the first statement of its transaction. */
export const command = pgTable('command', {
  key: text('key').primaryKey(),
  verb: text('verb').notNull(),
  actor: text('actor')
    .notNull()
    .references(() => user.id),
  result: jsonb('result').$type<Json>(),
  at: at('at').notNull().defaultNow(),
});
