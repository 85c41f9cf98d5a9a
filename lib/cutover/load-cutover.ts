import { readCutovers } from '@/db/queries/cutover/read-cutovers';
import { readSigners } from '@/db/queries/person/read-signers';
import type { Db } from '@/db/client';
import type { Reader } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import { type Runbook, runbookFile } from '@/lib/fleet/runbook-schema';
import { signRolesOf } from '@/lib/fleet/sign-roles';
import type { Json } from '@/lib/shared/json';
import type { PinnedEntry } from './pin-entry';
import type { CutoverRows } from './rows';

/** One cutover with all that its statuses rest on, its pinned runbook parsed. @throws CutoverError cutover_unknown */
export async function loadCutover(db: Reader, cutoverId: string): Promise<CutoverRows> {
  const [found] = await loadCutovers(db, [cutoverId]);
  if (found) return found;
  throw new CutoverError({
    code: 'cutover_unknown',
    message: `There is no cutover ${cutoverId}.`,
    advice: 'Open it from the list of cutovers.',
  });
}

/** Several with one reading, in the order of their ids: for lists. Ids that nobody knows are left out. */
export async function loadCutovers(db: Reader, ids: readonly string[]): Promise<CutoverRows[]> {
  if (ids.length === 0) return [];
  const found = (await readCutovers(db, ids)).map(
    ({ row, ...lists }): CutoverRows => ({
      ...lists,
      cutover: row,
      runbook: parsedRunbook(row.runbook),
      signers: [],
      entry: row.fleetEntry as unknown as PinnedEntry,
    }),
  );
  const roles = found.some(({ runbook }) => signRolesOf(runbook).length > 0);
  const signers = roles ? await readSigners(db) : [];
  const byId = new Map(found.map((rows) => [rows.cutover.id, rows]));
  return ids.flatMap((id) => {
    const rows = byId.get(id);
    return rows ? [{ ...rows, signers: signRolesOf(rows.runbook).length ? signers : [] }] : [];
  });
}

/** The same as one consistent reading outside a transaction: for pages. */
export const loadCutoverNow = (db: Db, cutoverId: string): Promise<CutoverRows> =>
  db.transaction((tx) => loadCutover(tx, cutoverId), { isolationLevel: 'repeatable read', accessMode: 'read only' });

/** Parsing takes longer than reading, and the cutovers of a system mostly walk the same runbook. */
const parsed = new Map<string, Runbook>();
const parsedKept = 64;

export function parsedRunbook(pinned: Json): Runbook {
  const text = JSON.stringify(pinned);
  const known = parsed.get(text);
  if (known) return known;
  const runbook = runbookFile.parse(pinned);
  const [oldest] = parsed.keys();
  if (parsed.size >= parsedKept && oldest !== undefined) parsed.delete(oldest);
  parsed.set(text, runbook);
  return runbook;
}
