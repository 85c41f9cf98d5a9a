import type { ProfileEntry, ServiceEntry } from '@/lib/fleet/schema';

/**
 * What a rollback needs when web, target and control plane are all down: written and synced by the worker before a
 * switch, read by `cutover rollback --break-glass`. Names of secrets, never values.
 */
export type FlightCard = {
  version: 1;
  cutoverId: string;
  /** Shared by profiles that one press switched: break-glass takes them back together. */
  holdId?: string;
  system: string;
  sourceId: string;
  writtenAt: string;
  /** Fencing token of the attempt that wrote it. Break-glass takes the host lock by force, whatever the epoch. */
  epoch: number;
  from: string;
  to: string;
  /** Surfaces that were switched, where the cutover moved some only. */
  surfaces?: string[];
  /** The fleet entries as pinned: paths, restart argv, headers, DSN names. */
  profile: ProfileEntry;
  services: {
    entry: ServiceEntry /** Exactly as before the switch, and its SHA-256. */;
    oldEnvText: string;
    oldEnvDigest: string;
  }[];
  /** Variables that a return takes away, by name. */
  unset?: string[];
  /** Statements that lift the fence from the source file. */
  unfenceSql: string[];
  /** The same file by file, where the source is several. */
  unfence?: { path: string; sql: string[] }[];
  /** Where the journal stood; null without a way back. */
  appliedPosition: string | null;
};

/** What a break-glass act leaves behind for the control plane to take in on its return. */
export type ActFile = {
  version: 1;
  act: 'rollback';
  cutoverId: string;
  system: string;
  sourceId: string;
  /** Account on the host and the reason given. */
  by: string;
  reason: string;
  at: string;
  targetFenced: boolean;
  /** Backend mode every instance reported afterwards; null when one did not. */
  observed: string | null;
  log: string[];
};

/** File name of a profile's card: readable, and one to one with the key. */
export const flightCardName = (system: string, sourceId: string): string =>
  `${encodeURIComponent(system)}--${encodeURIComponent(sourceId)}.json`;
