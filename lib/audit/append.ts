import { insertAuditEntry } from '@/db/queries/audit/insert-audit-entry';
import { lockAuditHead } from '@/db/queries/audit/lock-audit-head';
import type { Tx } from '@/db/tx';
import { redactJson } from '@/lib/shared/redact';
import type { Json } from '@/lib/shared/json';
import { auditHash, auditText, genesis, type AuditBody } from './chain';

export type AuditInput = {
  /** Id of a person, or 'system' for what nobody pressed. */
  actor: string;
  /** The role that allowed it. */
  role: string;
  act: string;
  /** One sentence for the list. */
  summary: string;
  cutoverId?: string;
  system?: string;
  sourceId?: string;
  what?: Json;
};

/** Adds one entry in the act's own transaction: no act without its entry, no entry without its act. Secrets are cut first. */
export async function appendAudit(tx: Tx, input: AuditInput): Promise<{ n: number; hash: string }> {
  const head = await lockAuditHead(tx);
  const body: AuditBody = redactJson({
    n: head.n + 1,
    at: head.now,
    actor: input.actor,
    role: input.role,
    act: input.act,
    summary: input.summary,
    system: input.system ?? null,
    sourceId: input.sourceId ?? null,
    cutoverId: input.cutoverId ?? null,
    what: input.what ?? null,
    previous: head.hash ?? genesis,
  });
  const text = auditText(body);
  const hash = auditHash(text);
  await insertAuditEntry(tx, { ...body, body: text, hash });
  return { n: body.n, hash };
}
