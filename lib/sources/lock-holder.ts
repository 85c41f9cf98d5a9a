import { readFileSync, statSync } from 'node:fs';

/** Process ids that hold a lock on the file or its WAL companions, read from /proc/locks; empty where that is not to be had. */
export function lockHolders(path: string): number[] {
  const inodes = new Set<string>();
  for (const suffix of ['', '-shm', '-wal']) {
    try {
      inodes.add(String(statSync(path + suffix).ino));
    } catch {
      // A companion that does not exist holds no lock.
    }
  }
  let text: string;
  try {
    text = readFileSync('/proc/locks', 'utf8');
  } catch {
    return [];
  }
  const pids = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words[1] !== '->' && inodes.has(words[5]?.split(':')[2] ?? ''))
    .map((words) => Number(words[4]))
    .filter((pid) => pid > 0 && pid !== process.pid);
  return [...new Set(pids)];
}
