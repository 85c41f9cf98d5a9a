import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@/lib/shared/json';

/** Previous hash of the first entry. */
export const genesis = '0'.repeat(64);

export type AuditBody = {
  n: number;
  at: string;
  actor: string;
  role: string;
  act: string;
  summary: string;
  system: string | null;
  sourceId: string | null;
  cutoverId: string | null;
  what: Json;
  previous: string;
};

/** The exact text that is hashed and kept; `previous` is a member, so every entry seals all before it. */
export const auditText = (body: AuditBody): string => canonicalJson(body);
export const auditHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
