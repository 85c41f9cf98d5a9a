import { CutoverError, type ErrorFacts } from '@/lib/errors';
import { fleetNow } from '@/lib/cutover/fleet-now';
import type { Reader } from '@/db/tx';
import type { LoadedFleet } from '@/lib/fleet/load';

export type FleetRead = { fleet: LoadedFleet | null; fileError: Required<ErrorFacts> | null };

const kept = globalThis as typeof globalThis & { cutoverLastFleet?: LoadedFleet };

/** The fleet file as it is now. When it no longer loads, the last good reading with what is wrong. */
export async function readFleetFile(db: Reader): Promise<FleetRead> {
  try {
    const fleet = await fleetNow(db);
    kept.cutoverLastFleet = fleet;
    return { fleet, fileError: null };
  } catch (thrown) {
    if (!(thrown instanceof CutoverError)) throw thrown;
    return { fleet: kept.cutoverLastFleet ?? null, fileError: thrown.toJSON() };
  }
}
