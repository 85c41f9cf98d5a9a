import { listLoaded } from '@/db/queries/views/list-loaded';
import type { CutoverLine } from '@/db/queries/views/list-cutovers';
import type { SessionContext } from '@/lib/auth/actor';
import { mayAct } from '@/lib/cutover/who-may';
import type { LoadedFleet } from '@/lib/fleet/load';
import { homeFolder } from '@/lib/services/data-home';
import { readProcessRecord } from '@/lib/services/managed-process';
import { targetIsStopped } from '@/lib/services/target-stop';
import type { ShellDto } from '@/lib/views/dto';

/** What the demo's menu may break, and what is broken now. */
export async function demoBreaksOf(
  { db, actor }: SessionContext,
  open: CutoverLine[],
  fleet: LoadedFleet | null,
): Promise<NonNullable<ShellDto['demoBreaks']>> {
  const managed = (fleet?.systems ?? []).flatMap((system) =>
    system.services
      .filter(({ restart }) => restart.kind === 'managed')
      .map(({ name }) => ({
        name,
        stopped: readProcessRecord(name)?.wanted === false,
        used: system.profiles.some(
          ({ service, source_id }) =>
            service === name && open.some((line) => line.system === system.name && line.sourceId === source_id),
        ),
      })),
  );
  const shown = managed.filter(({ used, stopped }) => used || stopped);
  return {
    refused: mayAct('break', actor) ? null : 'Takes the role operator or admin.',
    targetStopped: targetIsStopped(homeFolder()),
    services: (shown.length ? shown : managed.slice(0, 1)).map(({ name, stopped }) => ({ name, stopped })),
    loaded: await listLoaded(db),
  };
}
