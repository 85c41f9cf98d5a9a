import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { supersedeAttempts } from '@/db/queries/attempt/supersede-attempts';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { lockCutover } from '@/db/queries/cutover/lock-cutover';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { loadCutover } from '@/lib/cutover/load-cutover';
import { auditKey } from '@/lib/cutover/press';
import type { ActFile } from '@/lib/services/flight-card-form';
import { isLive } from '@/lib/shared/statuses';

/**
 * Takes in acts that were made while the control plane was away: the cutover is rolled back, what it overtook is ended,
 * and nothing starts until a person confirms. A file is moved aside once its act is recorded; a repeat changes nothing.
 */
export async function importActs(db: Db, home: string): Promise<number> {
  const folder = path.join(home, 'flight', 'acts');
  const taken = path.join(folder, 'taken');
  mkdirSync(taken, { recursive: true, mode: 0o700 });
  let count = 0;
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()) {
    const act = readAct(path.join(folder, name));
    if (!act) continue;
    if (await importAct(db, act, name)) count += 1;
    renameSync(path.join(folder, name), path.join(taken, name));
  }
  return count;
}

/** Null while the file is still being written, or is no act of ours. */
function readAct(file: string): ActFile | null {
  try {
    const act = JSON.parse(readFileSync(file, 'utf8')) as ActFile;
    return act.version === 1 && act.act === 'rollback' ? act : null;
  } catch {
    return null;
  }
}

const importAct = (db: Db, act: ActFile, file: string): Promise<boolean> =>
  inTx(db, async (tx) => {
    if (!(await lockCutover(tx, act.cutoverId))) return false;
    const rows = await loadCutover(tx, act.cutoverId);
    const at = new Date(act.at);
    const changed = await updateCutover(tx, act.cutoverId, ['open', 'switched', 'rolled_back'], {
      state: 'rolled_back',
      rolledBackAt: at,
      outsideActAt: at,
    });
    const live = rows.attempts.filter(({ state }) => isLive(state));
    await supersedeAttempts(
      tx,
      live.map(({ id }) => id),
      'interrupted',
    );
    await insertEvent(tx, act.cutoverId, 'state', null, { state: 'rolled_back', outside: true });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: act.by,
      role: 'host account',
      act: 'roll-back-outside',
      summary: `Rolled back outside the console by ${act.by}: ${act.reason}`,
      what: {
        file,
        at: act.at,
        reason: act.reason,
        targetFenced: act.targetFenced,
        observed: act.observed,
        overtook: live.map(({ id }) => id),
        log: act.log,
        changed,
      },
    });
    return true;
  });
