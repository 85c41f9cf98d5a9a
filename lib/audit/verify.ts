import { verify } from 'node:crypto';
import type { Json } from '@/lib/shared/json';
import { auditHash, auditText, genesis, type AuditBody } from './chain';
import { checkpointText, type Checkpoint } from './checkpoint';

/** One exported entry: the sealed text, its hash, and the columns beside it. */
export type AuditRecord = {
  n: number;
  body: string;
  hash: string;
  at: string;
  actor: string;
  role: string;
  act: string;
  previous: string;
};
export type Broken = { n: number; problem: string };
export type AuditVerdict = { ok: true; entries: number; sealed: number } | { ok: false; broken: Broken };

/**
 * Walks a chain and names the first entry that does not hold. @param checkpoints kept outside; without them a rewritten
 * or shortened chain cannot be told from a true one
 */
export function verifyAudit(records: AuditRecord[], checkpoints: Checkpoint[] = [], publicPem?: string): AuditVerdict {
  let previous = genesis;
  let at = '';
  for (const [index, record] of records.entries()) {
    const problem = problemOf(record, index + 1, previous, at);
    if (problem) return { ok: false, broken: { n: index + 1, problem } };
    previous = record.hash;
    at = record.at;
  }
  for (const checkpoint of checkpoints) {
    const problem = checkpointProblem(checkpoint, records, publicPem);
    if (problem) return { ok: false, broken: { n: checkpoint.n, problem } };
  }
  return { ok: true, entries: records.length, sealed: Math.max(0, ...checkpoints.map(({ n }) => n)) };
}

function problemOf(record: AuditRecord, n: number, previous: string, after: string): string | null {
  if (record.n !== n) return `is number ${record.n}`;
  if (auditHash(record.body) !== record.hash) return 'its text is not what was sealed';
  let body: AuditBody;
  try {
    body = JSON.parse(record.body) as AuditBody;
  } catch {
    return 'its text is no JSON';
  }
  if (auditText(body) !== record.body) return 'its text is not canonical';
  if (body.previous !== previous || record.previous !== previous) return 'does not follow the one before it';
  const same =
    body.n === record.n &&
    body.at === record.at &&
    body.actor === record.actor &&
    body.role === record.role &&
    body.act === record.act;
  if (!same) return 'its columns differ from its text';
  return body.at < after ? 'is older than the one before it' : null;
}

function checkpointProblem(
  checkpoint: Checkpoint,
  records: AuditRecord[],
  publicPem: string | undefined,
): string | null {
  if (
    publicPem &&
    !verify(null, Buffer.from(checkpointText(checkpoint)), publicPem, Buffer.from(checkpoint.signature, 'base64'))
  )
    return 'the signature of its checkpoint is not by this key';
  const record = records[checkpoint.n - 1];
  if (!record) return 'is sealed by a checkpoint, but missing';
  return record.hash === checkpoint.hash ? null : 'differs from what its checkpoint sealed';
}

export const toRecord = (entry: {
  n: number;
  body: string;
  hash: string;
  at: Date;
  actor: string;
  actorRole: string;
  act: string;
  previous: string;
}): AuditRecord => ({
  n: entry.n,
  body: entry.body,
  hash: entry.hash,
  at: entry.at.toISOString(),
  actor: entry.actor,
  role: entry.actorRole,
  act: entry.act,
  previous: entry.previous,
});
/** One line of an exported log. */
export const toLine = (record: AuditRecord): string => JSON.stringify(record satisfies { [key: string]: Json });
