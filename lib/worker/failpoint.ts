import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A named place where tests stop, break or kill this process; does nothing unless a file of that name lies in
 * CUTOVER_FAILPOINTS. Its content says what: `block` until the file is gone, `error`, or `kill`.
 */
export async function failpoint(name: string, signal?: AbortSignal): Promise<void> {
  const folder = process.env.CUTOVER_FAILPOINTS;
  if (!folder) return;
  const file = path.join(folder, name);
  if (!existsSync(file)) return;
  const content = readFileSync(file, 'utf8').trim();
  writeFileSync(`${file}.hit`, String(process.pid));
  if (content === 'kill') process.kill(process.pid, 'SIGKILL');
  if (content === 'error') throw new Error(`failpoint ${name}`);
  while (existsSync(file) && !signal?.aborted) await sleep(20);
}
