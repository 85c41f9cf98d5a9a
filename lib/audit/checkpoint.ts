import { sign } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { insertAuditCheckpoint } from '@/db/queries/audit/insert-audit-checkpoint';
import { readAuditHead } from '@/db/queries/audit/read-audit-head';
import type { Db } from '@/db/client';
import { checkpointKey } from './checkpoint-key';

export type Checkpoint = { n: number; hash: string; keyId: string; signature: string; at: string };

/** What is signed: nothing else in a checkpoint is believed. */
export const checkpointText = ({ n, hash, at }: Pick<Checkpoint, 'n' | 'hash' | 'at'>): string =>
  `cutover-audit ${n} ${hash} ${at}`;

/** Signs the newest entry if there is one since the last checkpoint; keeps it in the database and in a file outside of it. */
export async function writeAuditCheckpoint(db: Db, home: string): Promise<Checkpoint | null> {
  const head = await readAuditHead(db);
  if (!head || head.n === head.checkpointed) return null;
  const key = checkpointKey(home);
  const at = new Date().toISOString();
  const signature = sign(null, Buffer.from(checkpointText({ ...head, at })), key.privateKey).toString('base64');
  const checkpoint = { n: head.n, hash: head.hash, keyId: key.id, signature, at };
  const folder = path.join(home, 'audit');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const publicFile = path.join(folder, `${key.id}.pub.pem`);
  if (!existsSync(publicFile)) writeFileSync(publicFile, key.publicPem);
  if (!(await insertAuditCheckpoint(db, checkpoint))) return null;
  appendFileSync(path.join(folder, 'checkpoints.ndjson'), `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 });
  return checkpoint;
}
