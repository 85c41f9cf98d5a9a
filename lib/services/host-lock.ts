import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CutoverError } from '@/lib/errors';
import { homeFolder, readJson, writeWhole } from './data-home';
import { birthOf, isAlive } from './process-birth';

/** Who may change env file and process of one service on this host. `generation` rises with every taking and never falls. */
type LockRecord = {
  service: string;
  generation: number;
  attemptId: string;
  epoch: number;
  pid: number;
  birth: string;
  takenAt: string;
  released: boolean;
};
export type HostLock = {
  generation: number;
  /** Call before every effect. @throws CutoverError attempt_lost when somebody has taken the lock since */
  assertHeld(): void;
};
export type LockInput = {
  service: string;
  attemptId: string;
  epoch: number;
  /** Takes the lock from a living holder: break-glass only. */
  force?: boolean;
  waitMs?: number;
  signal?: AbortSignal;
};

const lockFile = (service: string): string => path.join(homeFolder('locks'), `${encodeURIComponent(service)}.json`);
const held = (record: LockRecord | null): record is LockRecord =>
  record !== null && !record.released && isAlive(record.pid, record.birth);

/** True while a living process holds the lock: a supervisor then leaves the service alone. */
export const isHostLocked = (service: string): boolean => held(readJson<LockRecord>(lockFile(service)));

/** The living process that holds the lock; null where none does. */
export function hostLockHolder(service: string): number | null {
  const record = readJson<LockRecord>(lockFile(service));
  return held(record) ? record.pid : null;
}

/**
 * Runs an act alone on this host. The same attempt with a higher epoch takes the lock from its own older self (a paused
 * worker); a lower epoch is refused for good; another attempt waits for `waitMs`.
 * @throws CutoverError attempt_lost | service_busy
 */
export async function withHostLock<T>(input: LockInput, act: (lock: HostLock) => Promise<T>): Promise<T> {
  const file = lockFile(input.service);
  const generation = await take(file, input);
  const lock: HostLock = {
    generation,
    assertHeld: () => {
      if (readJson<LockRecord>(file)?.generation !== generation) throw lost(input.service);
    },
  };
  try {
    return await act(lock);
  } finally {
    await underClaim(file, async () => {
      const record = readJson<LockRecord>(file);
      if (record?.generation === generation)
        await writeWhole(file, JSON.stringify({ ...record, released: true }), 0o600);
    });
  }
}

async function take(file: string, input: LockInput): Promise<number> {
  const until = Date.now() + (input.waitMs ?? 10_000);
  for (;;) {
    input.signal?.throwIfAborted();
    const taken = await underClaim(file, async () => {
      const record = readJson<LockRecord>(file);
      if (record?.attemptId === input.attemptId && record.epoch > input.epoch) throw lost(input.service);
      const own = record?.attemptId === input.attemptId && record.epoch < input.epoch;
      if (held(record) && !own && !input.force) return null;
      const generation = (record?.generation ?? 0) + 1;
      const mine: LockRecord = {
        service: input.service,
        generation,
        attemptId: input.attemptId,
        epoch: input.epoch,
        pid: process.pid,
        birth: birthOf(process.pid) ?? '',
        takenAt: new Date().toISOString(),
        released: false,
      };
      await writeWhole(file, JSON.stringify(mine), 0o600);
      return generation;
    });
    if (taken !== null) return taken;
    if (Date.now() > until) throw busy(input.service, readJson<LockRecord>(file));
    await sleep(100);
  }
}

/** One process at a time reads and rewrites the record. The claim holds pid and birth, so a dead one's is taken over. */
async function underClaim<T>(file: string, act: () => Promise<T>): Promise<T> {
  const claim = `${file}.claim`;
  const mine = `${claim}.${process.pid}.${Math.random().toString(36).slice(2, 8)}`;
  writeFileSync(mine, `${process.pid} ${birthOf(process.pid)}`);
  try {
    while (!linked(mine, claim)) {
      takeDeadClaim(claim);
      await sleep(10);
    }
    try {
      return await act();
    } finally {
      unlinkSync(claim);
    }
  } finally {
    unlinkSync(mine);
  }
}

function linked(mine: string, claim: string): boolean {
  try {
    linkSync(mine, claim);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

function takeDeadClaim(claim: string): void {
  try {
    if (claimAlive(claim)) return;
    // Taken aside by rename and looked at again: between reading and taking, a living process may have claimed it.
    const aside = `${claim}.dead.${process.pid}`;
    renameSync(claim, aside);
    if (claimAlive(aside)) linked(aside, claim);
    unlinkSync(aside);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
  }
}

function claimAlive(file: string): boolean {
  const [pid, birth] = readFileSync(file, 'utf8').split(' ');
  return isAlive(Number(pid), birth ?? '');
}

const lost = (service: string): CutoverError =>
  new CutoverError({
    code: 'attempt_lost',
    message: `A newer attempt holds the lock of service ${service}; this one changes nothing any more.`,
    advice: 'Look at the newest attempt of the step; this one ends by itself.',
    facts: { service },
  });
const busy = (service: string, record: LockRecord | null): CutoverError =>
  new CutoverError({
    code: 'service_busy',
    message: `Service ${service} is being changed by attempt ${record?.attemptId ?? '?'} (pid ${record?.pid ?? '?'}) since ${record?.takenAt ?? '?'}.`,
    advice: 'Wait until that attempt has ended, then retry.',
    retry: 'later',
    facts: { service },
  });
