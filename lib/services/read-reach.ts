import { statfs } from 'node:fs/promises';
import { withTarget } from '@/lib/dataplane';
import { toFacts } from '@/lib/errors';
import type { ProfileEntry } from '@/lib/fleet/schema';
import { sourceFiles } from '@/lib/fleet/source-files';
import type { ReachReading } from '@/lib/shared/reach-reading';

/** Whether the target answers right now, and what room the source's disk has for a fence. Throws nothing: what fails is the reading. */
export async function readReach(
  source: ProfileEntry['source'],
  dsn: string,
  signal: AbortSignal,
): Promise<ReachReading> {
  const at = new Date().toISOString();
  const [target, freeBytes] = await Promise.all([readAnswer(dsn, signal), readRoom(sourceFiles(source))]);
  return { at, ...target, freeBytes };
}

async function readAnswer(dsn: string, signal: AbortSignal): Promise<Pick<ReachReading, 'targetMs' | 'targetProblem'>> {
  const begun = performance.now();
  try {
    await Promise.race([withTarget(dsn, (session) => session.query('select 1'), { signal }), rejectOn(signal)]);
    return { targetMs: performance.now() - begun, targetProblem: null };
  } catch (thrown) {
    const problem = signal.aborted ? `No answer within ${Math.round((performance.now() - begun) / 1000)} s.` : null;
    return { targetMs: null, targetProblem: problem ?? toFacts(thrown).message };
  }
}

/** A session that is still being opened cannot be broken off; it ends by its own limit. */
const rejectOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

async function readRoom(files: readonly string[]): Promise<string | null> {
  try {
    const rooms = await Promise.all(files.map((file) => statfs(file)));
    const free = rooms.map(({ bavail, bsize }) => BigInt(bavail) * BigInt(bsize));
    return (
      free.reduce<bigint | null>((least, one) => (least === null || one < least ? one : least), null)?.toString() ??
      null
    );
  } catch {
    return null;
  }
}
