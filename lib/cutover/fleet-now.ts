import { listStoredProfiles } from '@/db/queries/stored-profile/list-stored-profiles';
import type { Reader } from '@/db/tx';
import { currentFleet, type LoadedFleet } from '@/lib/fleet/load';
import { withStored } from '@/lib/fleet/stored';

/** Every profile there is: those of the fleet file, and the files that were chosen on the page. @throws CutoverError fleet_invalid */
export const fleetNow = async (db: Reader): Promise<LoadedFleet> =>
  withStored(currentFleet(), await listStoredProfiles(db));
