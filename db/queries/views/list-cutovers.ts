import { and, desc, eq, inArray, lt, notInArray } from 'drizzle-orm';
import { cutover, user } from '@/db/schema';
import type { Reader } from '@/db/tx';
import { openCutoverStates } from '@/lib/shared/statuses';

const columns = {
  id: cutover.id,
  system: cutover.system,
  sourceId: cutover.sourceId,
  kind: cutover.kind,
  state: cutover.state,
  runbook: cutover.runbookName,
  t0: cutover.t0,
  openedBy: user.name,
  createdAt: cutover.createdAt,
  endedAt: cutover.endedAt,
  switchedAt: cutover.switchedAt,
  rolledBackAt: cutover.rolledBackAt,
  frozenMs: cutover.frozenMs,
};
export type CutoverLine = Awaited<ReturnType<typeof listOpenCutovers>>[number];

export const listOpenCutovers = (db: Reader) =>
  db
    .select(columns)
    .from(cutover)
    .innerJoin(user, eq(user.id, cutover.openedBy))
    .where(inArray(cutover.state, [...openCutoverStates]))
    .orderBy(cutover.t0);

/** Closed and abandoned ones, newest first. */
export const listPastCutovers = (db: Reader, limit: number, before?: Date) =>
  db
    .select(columns)
    .from(cutover)
    .innerJoin(user, eq(user.id, cutover.openedBy))
    .where(and(notInArray(cutover.state, [...openCutoverStates]), before ? lt(cutover.createdAt, before) : undefined))
    .orderBy(desc(cutover.createdAt))
    .limit(limit);

export const listProfileCutovers = (db: Reader, system: string, sourceId: string) =>
  db
    .select(columns)
    .from(cutover)
    .innerJoin(user, eq(user.id, cutover.openedBy))
    .where(and(eq(cutover.system, system), eq(cutover.sourceId, sourceId)))
    .orderBy(desc(cutover.createdAt))
    .limit(100);

/** Newest ended cutover of every profile. */
export const listLastEnded = (db: Reader) =>
  db
    .selectDistinctOn([cutover.system, cutover.sourceId], columns)
    .from(cutover)
    .innerJoin(user, eq(user.id, cutover.openedBy))
    .where(notInArray(cutover.state, [...openCutoverStates]))
    .orderBy(cutover.system, cutover.sourceId, desc(cutover.createdAt));
