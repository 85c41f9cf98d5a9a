import type { FoundProfile } from '@/lib/fleet/load';
import type { ProfileEntry, ServiceEntry, SystemEntry } from '@/lib/fleet/schema';
import type { Json } from '@/lib/shared/json';

/** The fleet entry as it was at the start: this profile, its service, and who shares them. */
export type PinnedEntry = {
  system: SystemEntry;
  profile: ProfileEntry;
  service: ServiceEntry;
  neighbours: { profile: ProfileEntry; shares: ('service' | 'source_file')[] }[];
};

export const pinEntry = ({
  system,
  profile,
  service,
  neighbours,
}: FoundProfile): { entry: PinnedEntry; json: Json } => {
  const entry = { system, profile, service, neighbours };
  return { entry, json: JSON.parse(JSON.stringify(entry)) as Json };
};
