import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The hash covers the JSON text of these members in this order; absent ones are left out. */
const HASHED = [
  'schemaVersion',
  'recordId',
  'sequence',
  'previousHash',
  'actorId',
  'action',
  'targetType',
  'targetId',
  'metadata',
  'createdAt',
];

/** Members of `metadata` keep their order: re-serialised (by jsonb, say) the same record has another hash. */
export function hashRecord(record) {
  const ordered = {};
  for (const name of HASHED) if (record[name] !== undefined) ordered[name] = record[name];
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex');
}

/**
 * @param {{sequence: number, hash: string} | null | undefined} last
 * @param {{actorId: string, action: string, targetType: string, targetId?: string, metadata?: object}} entry
 * @param {{now?: string, recordId?: string}} [fixed] time and id of a record that is made again
 */
export function makeRecord(last, entry, { now = new Date().toISOString(), recordId = randomUUID() } = {}) {
  const record = {
    schemaVersion: 1,
    recordId,
    sequence: (last?.sequence ?? 0) + 1,
    previousHash: last?.hash ?? null,
    actorId: entry.actorId,
    action: entry.action,
    targetType: entry.targetType,
    ...(entry.targetId === undefined ? {} : { targetId: entry.targetId }),
    ...(entry.metadata === undefined ? {} : { metadata: entry.metadata }),
    createdAt: now,
  };
  return { ...record, hash: hashRecord(record) };
}

const linesOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);

function faultOf(line, previous) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    return { record: null, fault: 'the line is not JSON' };
  }
  const expected = (previous?.sequence ?? 0) + 1;
  if (record.sequence !== expected)
    return { record, fault: `sequence ${record.sequence} stands where ${expected} belongs` };
  if (record.previousHash !== (previous?.hash ?? null))
    return { record, fault: 'previousHash is not the hash of the record before' };
  if (record.hash !== hashRecord(record)) return { record, fault: 'the hash is not the hash of the record' };
  return { record, fault: null };
}

/** Reads the whole chain. @returns the first bad sequence and why, or the last hash */
export function verifyAuditFile(file) {
  const lines = linesOf(file);
  let previous = null;
  for (const [index, line] of lines.entries()) {
    const { record, fault } = faultOf(line, previous);
    if (fault)
      return {
        valid: false,
        records: lines.length,
        firstBadSequence: index + 1,
        reason: fault,
        lastHash: previous?.hash ?? null,
      };
    previous = record;
  }
  return { valid: true, records: lines.length, firstBadSequence: null, reason: null, lastHash: previous?.hash ?? null };
}

/**
 * The append-only log of one process. The last hash is read once and kept: a second process on the same file forks
 * the chain, as with the real service.
 */
export function openAuditLog({ auditFile, auditMode }) {
  mkdirSync(dirname(auditFile), { recursive: true });
  const lastLine = linesOf(auditFile).at(-1);
  let last = lastLine ? JSON.parse(lastLine) : null;
  let turn = Promise.resolve();
  return {
    append(entry) {
      last = makeRecord(last, entry);
      const line = `${JSON.stringify(last)}\n`;
      if (auditMode === 'sync') appendFileSync(auditFile, line, { mode: 0o640 });
      else turn = turn.then(() => appendFile(auditFile, line, { mode: 0o640 })).catch(() => {});
      return last;
    },
    close: () => turn,
  };
}
