import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';

export type CheckpointKey = { id: string; privateKey: KeyObject; publicPem: string };

/** The key that seals the chain: made on first use, 0600, never in the database. Its public half lies beside the checkpoints. */
export function checkpointKey(home: string): CheckpointKey {
  const folder = path.join(home, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, 'audit-ed25519.pem');
  if (!existsSync(file))
    writeNew(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const privateKey = createPrivateKey(readFileSync(file, 'utf8'));
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string;
  const id = createHash('sha256').update(publicPem).digest('hex').slice(0, 16);
  return { id, privateKey, publicPem };
}

/** Another worker of this machine may make it at the same time: the first one stays. */
function writeNew(file: string, content: string): void {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, content);
    fsyncSync(handle);
    closeSync(handle);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
}
