import { countAudit, readAuditFilters, readAuditPage } from '@/db/queries/views/read-audit';
import type { SessionContext } from '@/lib/auth/actor';
import type { AuditDto } from './dto';
import { lastVerified } from './verify-audit';

export type AuditParams = {
  before?: number | undefined /** "system/source_id" */;
  profile?: string | undefined;
  act?: string | undefined;
  role?: string | undefined;
  search?: string | undefined;
};
const pageEntries = 100;

/** A page of the chain, newest first. */
export async function buildAudit({ db }: SessionContext, { profile, ...params }: AuditParams): Promise<AuditDto> {
  const slash = profile?.indexOf('/') ?? -1;
  const filter = {
    ...params,
    ...(profile && slash > 0 ? { system: profile.slice(0, slash), sourceId: profile.slice(slash + 1) } : {}),
  };
  const page = await readAuditPage(db, filter, pageEntries + 1);
  const shown = page.slice(0, pageEntries);
  const filters = await readAuditFilters(db);
  return {
    now: new Date().toISOString(),
    total: await countAudit(db, filter),
    entries: shown.map(({ actor, who, at, ...entry }) => ({
      ...entry,
      at: at.toISOString(),
      who: who ?? (actor === 'system' ? 'the console' : actor),
    })),
    nextBefore: page.length > pageEntries ? (shown.at(-1)?.n ?? null) : null,
    filters: { ...filters, profiles: filters.profiles.map(({ system, sourceId }) => `${system}/${sourceId}`) },
    lastVerified: lastVerified(),
  };
}
