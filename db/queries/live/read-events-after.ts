import { and, asc, eq, gt } from 'drizzle-orm';
import { cutoverEvent } from '@/db/schema';
import type { Reader } from '@/db/tx';

/** Events of one cutover after number `after`. Numbers are taken under the cutover's row lock, so none appears late. */
export const readEventsAfter = (db: Reader, cutoverId: string, after: number, limit: number) =>
  db
    .select({
      n: cutoverEvent.n,
      at: cutoverEvent.at,
      kind: cutoverEvent.kind,
      stepId: cutoverEvent.stepId,
      what: cutoverEvent.what,
    })
    .from(cutoverEvent)
    .where(and(eq(cutoverEvent.cutoverId, cutoverId), gt(cutoverEvent.n, after)))
    .orderBy(asc(cutoverEvent.n))
    .limit(limit);
