import { and, count, desc, eq, ilike, lt, or } from 'drizzle-orm';
import { auditEntry, user } from '@/db/schema';
import type { Reader } from '@/db/tx';

export type AuditFilter = {
  before?: number | undefined;
  system?: string | undefined;
  sourceId?: string | undefined;
  act?: string | undefined;
  role?: string | undefined;
  search?: string | undefined;
};

const where = (filter: AuditFilter, paged: boolean) =>
  and(
    paged && filter.before !== undefined ? lt(auditEntry.n, filter.before) : undefined,
    filter.system === undefined ? undefined : eq(auditEntry.system, filter.system),
    filter.sourceId === undefined ? undefined : eq(auditEntry.sourceId, filter.sourceId),
    filter.act === undefined ? undefined : eq(auditEntry.act, filter.act),
    filter.role === undefined ? undefined : eq(auditEntry.actorRole, filter.role),
    filter.search
      ? or(ilike(auditEntry.summary, `%${likeText(filter.search)}%`), ilike(user.name, `%${likeText(filter.search)}%`))
      : undefined,
  );
const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/** A page of the chain, newest first. */
export const readAuditPage = (db: Reader, filter: AuditFilter, limit: number) =>
  db
    .select({
      n: auditEntry.n,
      at: auditEntry.at,
      actor: auditEntry.actor,
      who: user.name,
      role: auditEntry.actorRole,
      act: auditEntry.act,
      what: auditEntry.summary,
      previous: auditEntry.previous,
      hash: auditEntry.hash,
      system: auditEntry.system,
      sourceId: auditEntry.sourceId,
      cutoverId: auditEntry.cutoverId,
    })
    .from(auditEntry)
    .leftJoin(user, eq(user.id, auditEntry.actor))
    .where(where(filter, true))
    .orderBy(desc(auditEntry.n))
    .limit(limit);

export async function countAudit(db: Reader, filter: AuditFilter): Promise<number> {
  const found = await db
    .select({ total: count() })
    .from(auditEntry)
    .leftJoin(user, eq(user.id, auditEntry.actor))
    .where(where(filter, false));
  return found[0]?.total ?? 0;
}

/** What can be filtered by. */
export async function readAuditFilters(db: Reader) {
  const profiles = await db
    .selectDistinct({ system: auditEntry.system, sourceId: auditEntry.sourceId })
    .from(auditEntry)
    .orderBy(auditEntry.system, auditEntry.sourceId);
  const acts = await db.selectDistinct({ act: auditEntry.act }).from(auditEntry).orderBy(auditEntry.act);
  const roles = await db.selectDistinct({ role: auditEntry.actorRole }).from(auditEntry).orderBy(auditEntry.actorRole);
  return {
    profiles: profiles.flatMap(({ system, sourceId }) => (system && sourceId ? [{ system, sourceId }] : [])),
    acts: acts.map(({ act }) => act),
    roles: roles.map(({ role }) => role),
  };
}
