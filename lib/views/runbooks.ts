import type { SessionContext } from '@/lib/auth/actor';
import { fleetNow } from '@/lib/cutover/fleet-now';
import { CutoverError } from '@/lib/errors';
import { runbooksOf } from '@/lib/fleet/schema';
import type { RunbooksDto } from './dto';

/** Shipped and own runbooks; one that does not load says why. @throws CutoverError fleet_invalid */
export async function buildRunbooks({ db }: SessionContext): Promise<RunbooksDto> {
  const fleet = await fleetNow(db);
  const profiles = fleet.systems.flatMap((system) => system.profiles);
  return {
    runbooks: fleet
      .runbookNames()
      .sort()
      .map((name) => {
        const used = profiles.filter((profile) => runbooksOf(profile).includes(name)).length;
        try {
          const { runbook } = fleet.runbook(name);
          return {
            name,
            title: runbook.title,
            version: runbook.version,
            from: runbook.from,
            to: runbook.to,
            steps: runbook.phases.reduce((sum, { steps }) => sum + steps.length, 0),
            profiles: used,
            error: null,
          };
        } catch (thrown) {
          if (!(thrown instanceof CutoverError)) throw thrown;
          return { name, title: name, version: '', from: '', to: '', steps: 0, profiles: used, error: thrown.toJSON() };
        }
      }),
  };
}
