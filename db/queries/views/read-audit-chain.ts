import { asc, gt } from 'drizzle-orm';
import { auditEntry } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Whole entries after number `after`, oldest first. */
export const readAuditChain = (db: Reader, after: number, limit: number) =>
  db.select().from(auditEntry).where(gt(auditEntry.n, after)).orderBy(asc(auditEntry.n)).limit(limit);
