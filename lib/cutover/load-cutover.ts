import { readCutover } from '@/db/queries/cutover/read-cutover';
import { readSigners } from '@/db/queries/person/read-signers';
import type { Db } from '@/db/client';
import type { Reader } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import { runbookFile } from '@/lib/fleet/runbook-schema';
import { signRolesOf } from '@/lib/fleet/sign-roles';
import type { PinnedEntry } from './pin-entry';
import type { CutoverRows } from './rows';

/** One cutover with all that its statuses rest on, its pinned runbook parsed. @throws CutoverError cutover_unknown */
export async function loadCutover(db: Reader, cutoverId: string): Promise<CutoverRows> {
  const found = await readCutover(db, cutoverId);
  if (!found) {
    throw new CutoverError({
      code: 'cutover_unknown',
      message: `There is no cutover ${cutoverId}.`,
      advice: 'Open it from the list of cutovers.',
    });
  }
  const { row, now, ...lists } = found;
  const runbook = runbookFile.parse(row.runbook);
  return {
    ...lists,
    now: new Date(now),
    cutover: row,
    runbook,
    signers: signRolesOf(runbook).length ? await readSigners(db) : [],
    entry: row.fleetEntry as unknown as PinnedEntry,
  };
}

/** The same as one consistent reading outside a transaction: for pages. */
export const loadCutoverNow = (db: Db, cutoverId: string): Promise<CutoverRows> =>
  db.transaction((tx) => loadCutover(tx, cutoverId), { isolationLevel: 'repeatable read', accessMode: 'read only' });
