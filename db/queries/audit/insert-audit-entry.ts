import { auditEntry } from '@/db/schema';
import type { Tx } from '@/db/tx';

type Entry = {
  n: number;
  at: string;
  actor: string;
  role: string;
  act: string;
  summary: string;
  system: string | null;
  sourceId: string | null;
  cutoverId: string | null;
  previous: string;
  body: string;
  hash: string;
};

export async function insertAuditEntry(tx: Tx, { at, role, ...entry }: Entry): Promise<void> {
  await tx.insert(auditEntry).values({ ...entry, at: new Date(at), actorRole: role });
}
