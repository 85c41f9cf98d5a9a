import { findLatestStates } from '@/db/queries/cutover/find-latest-states';
import type { Reader } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import type { CutoverRows } from './rows';

/** Profiles behind the same process change backend with it: each of them must already live on the target.
 *  @throws CutoverError neighbours_not_ready */
export async function refuseUnreadyNeighbours(db: Reader, rows: CutoverRows): Promise<void> {
  const sharing = rows.entry.neighbours
    .filter(({ shares }) => shares.includes('service'))
    .map(({ profile }) => profile.source_id);
  if (sharing.length === 0) return;
  const states = await findLatestStates(db, rows.cutover.system, sharing);
  const unready = sharing.filter((id) => states.get(id) !== 'switched' && states.get(id) !== 'closed');
  if (unready.length === 0) return;
  throw new CutoverError({
    code: 'neighbours_not_ready',
    message: `The same process serves ${unready.join(', ')}, which would change backend as well without having been moved.`,
    advice:
      'Give each profile a service process of its own in the fleet file; moving several behind one process together is not built yet.',
    facts: { neighbours: unready },
  });
}
