import { existsSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { countOtherUses } from '@/db/queries/snapshot/count-other-uses';
import { findEndedSnapshots } from '@/db/queries/snapshot/find-ended-snapshots';
import { markSnapshotDeleted } from '@/db/queries/snapshot/mark-snapshot-deleted';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { keptUntil } from '@/lib/cutover/kept-until';

type Kept = Awaited<ReturnType<typeof findEndedSnapshots>>[number];

/**
 * Removes snapshots whose retention has passed, of closed and abandoned cutovers only; row and digest stay. Written to
 * the audit log together with the mark, before the file goes: a kill between the two leaves a file that nobody counts on.
 * @returns how many were removed
 */
export async function dropOldSnapshots(db: Db, home: string, now = new Date()): Promise<number> {
  let dropped = 0;
  for (const kept of await findEndedSnapshots(db)) {
    const until = keptUntil(kept);
    if (!until || until > now || !isOurs(kept, home)) continue;
    const marked = await markDropped(db, kept, until);
    if (!marked) continue;
    if (!marked.shared) rmSync(kept.path, { recursive: true, force: true });
    // The copied files of a JSON store lie beside what was staged from them, and so do companion files.
    for (const beside of marked.shared ? [] : ['files', 'companions'])
      rmSync(`${kept.path}.${beside}`, { recursive: true, force: true });
    dropped += 1;
  }
  return dropped;
}

/** Written on this host, and under the console's own folder of snapshots: nothing else is ever removed. */
function isOurs({ path: file, worker }: Kept, home: string): boolean {
  const root = path.resolve(home, 'snapshots') + path.sep;
  return path.resolve(file).startsWith(root) && (worker === null || worker.startsWith(`${os.hostname()}:`));
}

function markDropped(db: Db, kept: Kept, until: Date): Promise<{ shared: boolean } | null> {
  return inTx(db, async (tx) => {
    if (!(await markSnapshotDeleted(tx, kept.id))) return null;
    const shared = (await countOtherUses(tx, kept.id, kept.path)) > 0;
    const there = existsSync(kept.path);
    await appendAudit(tx, {
      actor: 'system',
      role: 'worker',
      act: 'drop-snapshot',
      cutoverId: kept.cutoverId,
      system: kept.system,
      sourceId: kept.sourceId,
      summary: `Removed the ${kept.kind} snapshot, kept until ${until.toISOString()}`,
      what: {
        snapshotId: kept.id,
        path: kept.path,
        digest: kept.digest,
        bytes: kept.bytes.toString(),
        keptUntil: until.toISOString(),
        file: shared ? 'kept: another snapshot lies there' : there ? 'removed' : 'was gone already',
      },
    });
    return { shared };
  });
}
