import type { FoundProfile } from '@/lib/fleet/load';
import type { ProfileEntry, ServiceEntry, SystemEntry } from '@/lib/fleet/schema';
import type { Json } from '@/lib/shared/json';

/** The fleet entry as it was at the start: this profile, its service, and who shares them. */
export type PinnedEntry = {
  system: SystemEntry;
  profile: ProfileEntry;
  /** Null: nothing runs on this source. */
  service: ServiceEntry | null;
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

/** Attempts with the same key never run at once: those of one service, or of one profile that has none. */
export const serviceKeyOf = ({
  system,
  profile,
  service,
}: Pick<PinnedEntry, 'system' | 'profile' | 'service'>): string =>
  service ? `service:${system.name}/${service.name}` : `profile:${system.name}/${profile.source_id}`;
