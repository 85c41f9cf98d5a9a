import { countAudit, readAuditFilters, readAuditPage } from '@/db/queries/views/read-audit';
import { readNow } from '@/db/queries/views/read-now';
import type { SessionContext } from '@/lib/auth/actor';
import { capital } from '@/lib/shared/words';
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

/** Sealed text stays as it is; the page begins each line with a capital, unless a name stands there. */
const sentence = (what: string, sourceId: string | null): string =>
  /^[a-z-]+[ ,:]/.test(what) && !(sourceId && what.startsWith(sourceId)) ? capital(what) : what;

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
    now: (await readNow(db)).toISOString(),
    total: await countAudit(db, filter),
    entries: shown.map(({ actor, who, at, what, ...entry }) => ({
      ...entry,
      what: sentence(what, entry.sourceId),
      at: at.toISOString(),
      who: who ?? (actor === 'system' ? 'the console' : actor),
    })),
    nextBefore: page.length > pageEntries ? (shown.at(-1)?.n ?? null) : null,
    filters: { ...filters, profiles: filters.profiles.map(({ system, sourceId }) => `${system}/${sourceId}`) },
    lastVerified: lastVerified(),
  };
}
