import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, self, sleep } from './process-birth.mjs';

const read = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};

let counter = 0;
const beside = (path, word) => {
  counter += 1;
  return `${path}.${process.pid}.${counter}.${word}`;
};

/**
 * Takes a lock file that holds pid and birth of its owner. It appears whole: written aside, then linked to its name.
 * @returns {{ release(): void, holder: null } | { release: null, holder: { pid: number, birth: string } }}
 */
export function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = beside(path, 'mine');
  writeFileSync(mine, JSON.stringify(self()), { mode: 0o600 });
  try {
    for (;;) {
      if (link(mine, path)) return { release: () => release(path), holder: null };
      const holder = read(path);
      if (holder && isAlive(holder)) return { release: null, holder };
      removeStale(path, mine);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Only who holds the guard removes a stale lock, and looks again before: nobody's fresh lock is ever removed. */
function removeStale(path, mine) {
  const guard = `${path}.takeover`;
  if (!link(mine, guard)) {
    if (!isAlive(read(guard))) rmSync(guard, { force: true });
    pause(5);
    return;
  }
  try {
    if (!isAlive(read(path))) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function release(path) {
  const holder = read(path);
  if (holder?.pid === process.pid && isAlive(holder)) rmSync(path, { force: true });
}

/** Waits for the lock. @param onWait called once with the holder */
export async function waitForLock(path, onWait = () => {}) {
  for (let told = false; ; ) {
    const lock = takeLock(path);
    if (!lock.holder) return lock;
    if (!told) onWait(lock.holder);
    told = true;
    await sleep(200);
  }
}
