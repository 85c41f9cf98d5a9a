import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { loadCutover } from '@/lib/cutover/load-cutover';
import { auditKey } from '@/lib/cutover/press';
import { damageRow, targetPlace } from '@/lib/dataplane';

/** Demo only: changes one loaded row of a cutover that is not switched, and says so in the audit log. */
export async function damageOneRow(db: Db, cutoverId: string, secrets: Record<string, string>): Promise<void> {
  if (process.env.CUTOVER_DEMO !== '1') return;
  const rows = await loadCutover(db, cutoverId);
  if (rows.cutover.state !== 'open') return;
  const { profile } = rows.entry;
  const place = targetPlace(secrets[profile.target.dsn_env] ?? '', profile.source_id, profile.target);
  const damaged = await damageRow(place, cutoverId);
  await inTx(db, (tx) =>
    appendAudit(tx, {
      ...auditKey(rows),
      actor: 'system',
      role: 'worker',
      act: 'demo-damage-row',
      summary: damaged
        ? `Demo: damaged one row of ${place.schema}.${damaged.table}, column ${damaged.column}`
        : 'Demo: found no row to damage',
      what: damaged,
    }),
  );
}
