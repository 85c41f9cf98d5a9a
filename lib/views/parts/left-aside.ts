import { listLeftAside } from '@/db/queries/views/list-left-aside';
import type { Reader } from '@/db/tx';
import { deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutovers } from '@/lib/cutover/load-cutover';
import type { LeftAsideDto } from '@/lib/views/dto/profile';
import { leftAsideWords } from '@/lib/views/words/lost-place';
import { profileKey } from '@/lib/views/words/profile-key';
import { lostPlaceOf } from './lost-place';
import { rollbackLoss } from './rollback-loss';

/** Where rows of users lie that a rollback left in the target, by profile. */
export async function readLeftAside(
  db: Reader,
  of?: { system: string; sourceId: string },
): Promise<ReadonlyMap<string, LeftAsideDto>> {
  const left = await listLeftAside(db, of);
  const loaded = await loadCutovers(
    db,
    left.map(({ id }) => id),
  );
  return new Map(
    loaded.flatMap((rows) => {
      const lost = rollbackLoss(rows);
      // Counted, and none: the source holds everything.
      if (lost?.count === 0n && !lost.isLeast) return [];
      const place = lostPlaceOf(rows, deriveSteps(rows));
      const { id, system, sourceId, rolledBackAt } = rows.cutover;
      return place && rolledBackAt
        ? [[profileKey(system, sourceId), { text: leftAsideWords(place, rolledBackAt), cutoverId: id }] as const]
        : [];
    }),
  );
}
