import { verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Checkpoint, checkpointText } from '@/lib/audit/checkpoint';

export type Seals = { checkpoints: Checkpoint[]; problem: string | null };

/** The signed checkpoints kept outside of the database, each checked against the public key beside it.
 *  @param home data folder; without it nothing was kept outside */
export function readSeals(home = process.env.CUTOVER_HOME): Seals {
  const folder = home ? path.join(home, 'audit') : '';
  const file = path.join(folder, 'checkpoints.ndjson');
  if (!home || !existsSync(file)) return { checkpoints: [], problem: null };
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const checkpoints: Checkpoint[] = [];
  for (const line of lines) {
    const checkpoint = parse(line);
    if (!checkpoint)
      return { checkpoints, problem: `line ${checkpoints.length + 1} of the signed checkpoints is damaged` };
    if (!isSigned(checkpoint, folder))
      return { checkpoints, problem: `the signature of the checkpoint at entry ${checkpoint.n} is not by its key` };
    checkpoints.push(checkpoint);
  }
  return { checkpoints, problem: null };
}

function parse(line: string): Checkpoint | null {
  try {
    const read = JSON.parse(line) as Partial<Checkpoint>;
    const texts = [read.hash, read.keyId, read.signature, read.at].every((one) => typeof one === 'string');
    return texts && typeof read.n === 'number' && /^[0-9a-f]+$/.test(read.keyId ?? '') ? (read as Checkpoint) : null;
  } catch {
    return null;
  }
}

function isSigned(checkpoint: Checkpoint, folder: string): boolean {
  const key = path.join(folder, `${checkpoint.keyId}.pub.pem`);
  if (!existsSync(key)) return false;
  const text = Buffer.from(checkpointText(checkpoint));
  return verify(null, text, readFileSync(key, 'utf8'), Buffer.from(checkpoint.signature, 'base64'));
}

/** What a whole chain is worth with these seals. */
export function sealWords(checkpoints: Checkpoint[], count: (n: number) => string): string {
  const last = checkpoints.at(-1);
  return last
    ? `${count(checkpoints.length)} kept outside ${checkpoints.length === 1 ? 'matches' : 'match'}, up to entry ${new Intl.NumberFormat('en-US').format(last.n)}.`
    : 'No signed checkpoint is kept outside yet, so a chain rewritten as a whole could not be told from this one.';
}
