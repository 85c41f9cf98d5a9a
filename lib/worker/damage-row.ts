import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { loadCutover } from '@/lib/cutover/load-cutover';
import { auditKey } from '@/lib/cutover/press';
import type { CutoverRows } from '@/lib/cutover/rows';
import { damageRow, targetPlace } from '@/lib/dataplane';
import { CutoverError, toFacts } from '@/lib/errors';

/** Demo only: changes one loaded row of a cutover that is not switched. What came of it, a failure too, is in the audit log under
 *  the press that asked for it, which waits for it. */
export async function damageOneRow(
  db: Db,
  { cutoverId, pressId }: { cutoverId: string; pressId: string },
  secrets: Record<string, string>,
): Promise<void> {
  if (process.env.CUTOVER_DEMO !== '1') return;
  const rows = await loadCutover(db, cutoverId);
  const { summary, what } = await damageOf(rows, secrets).catch((thrown: unknown) => {
    const { code, message, advice } = toFacts(thrown);
    return { summary: `Demo: damaged no row: ${message}`, what: { error: { code, message, advice } } };
  });
  await inTx(db, (tx) =>
    appendAudit(tx, {
      ...auditKey(rows),
      actor: 'system',
      role: 'worker',
      act: 'demo-damage-row',
      summary,
      what: { pressId, ...what },
    }),
  );
}

async function damageOf(rows: CutoverRows, secrets: Record<string, string>) {
  const { cutover, entry } = rows;
  const refuse = (message: string): CutoverError =>
    new CutoverError({
      code: 'state_forbids',
      message,
      advice: 'Load the profile first, then damage one of its rows.',
    });
  if (cutover.state !== 'open') throw refuse(`The cutover is ${cutover.state.replace('_', ' ')}, not under way.`);
  const { profile } = entry;
  const place = targetPlace(secrets[profile.target.dsn_env] ?? '', profile.source_id, profile.target);
  const damaged = await damageRow(place, cutover.id);
  if (!damaged) throw refuse(`Schema ${place.schema} of the target has no loaded row that can be damaged.`);
  const summary = `Demo: damaged one row of ${place.schema}.${damaged.table}, column ${damaged.column}`;
  return { summary, what: { ...damaged } };
}
