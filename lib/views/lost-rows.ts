import type { SessionContext } from '@/lib/auth/actor';
import { deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { DecisionDto } from './dto';
import { toLoss } from './parts/loss';

/** `count` null: the rows could not be counted. `rows` holds what the plan listed, at most 50. */
export type LostRowsDto = {
  rows: NonNullable<DecisionDto['loss']>['rows'];
  count: string | null;
  digest: string | null;
};

/** Rows that a runtime rollback would drop, as its newest plan found them. @throws CutoverError cutover_unknown */
export async function buildLostRows(
  { db }: SessionContext,
  { cutoverId }: { cutoverId: string },
): Promise<LostRowsDto> {
  const rows = await loadCutover(db, cutoverId);
  const first = deriveSteps(rows).find(({ place }) => place.group === 'runtime-rollback' && place.index === 0);
  const loss = first?.plan?.loss ? toLoss(first.plan.loss, rows.cutover.switchedAt) : null;
  return { rows: loss?.rows ?? [], count: loss?.count ?? null, digest: loss?.digest ?? null };
}
