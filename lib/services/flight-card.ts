import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readSource, sourceScope, unfenceSql } from '@/lib/dataplane';
import type { ProfileEntry, ServiceEntry } from '@/lib/fleet/schema';
import { sourceFiles } from '@/lib/fleet/source-files';
import { type FlightCard, flightCardName } from '@/lib/services/flight-card-form';
import { homeFolder, readJson, writeWhole } from './data-home';
import { readEnvFile } from './env-file';

export type FlightCardInput = {
  cutoverId: string;
  holdId?: string;
  system: string;
  profile: ProfileEntry;
  services: ServiceEntry[];
  epoch: number;
  from: string;
  to: string;
  surfaces?: string[] | undefined;
  unset: string[];
  allowedRoots: readonly string[];
};

/** Where the card of a profile lies: one file, found without the control plane. */
export const flightCardFile = (system: string, sourceId: string): string =>
  path.join(homeFolder('flight'), flightCardName(system, sourceId));

/** Where the fence of a store of files keeps what stood before it. */
export const fenceRecordFile = (system: string, sourceId: string): string =>
  path.join(homeFolder('fences'), flightCardName(system, sourceId));

export const readFlightCard = (system: string, sourceId: string): FlightCard | null =>
  readJson<FlightCard>(flightCardFile(system, sourceId));

/**
 * Writes and syncs what a rollback needs when web, target and control plane are all down. The env text to go back to is
 * kept from the first writing of a cutover, so that a repeated switch never takes the new text for the old one.
 */
export async function writeFlightCard(input: FlightCardInput): Promise<FlightCard> {
  const { profile } = input;
  const earlier = readFlightCard(input.system, profile.source_id);
  const known = earlier?.cutoverId === input.cutoverId ? earlier : null;
  const scope = sourceScope(profile.source_id, profile.source);
  const card: FlightCard = {
    version: 1,
    cutoverId: input.cutoverId,
    ...(input.holdId ? { holdId: input.holdId } : {}),
    system: input.system,
    sourceId: profile.source_id,
    writtenAt: new Date().toISOString(),
    epoch: input.epoch,
    from: input.from,
    to: input.to,
    ...(input.surfaces ? { surfaces: input.surfaces } : {}),
    ...(input.unset.length ? { unset: input.unset } : {}),
    profile,
    services: input.services.map((entry) => {
      const before = known?.services.find((service) => service.entry.name === entry.name);
      const env = readEnvFile(entry.env_file);
      return { entry, oldEnvText: before?.oldEnvText ?? env.text, oldEnvDigest: before?.oldEnvDigest ?? env.digest };
    }),
    // Only a database file carries a fence.
    unfenceSql:
      profile.source.kind !== 'sqlite-file'
        ? []
        : unfenceSql(readSource({ path: profile.source.path, allowedRoots: input.allowedRoots }, scope), scope),
    ...(profile.source.kind === 'sqlite-files'
      ? {
          unfence: sourceFiles(profile.source).map((file) => ({
            path: file,
            sql: unfenceSql(readSource({ path: file, allowedRoots: input.allowedRoots }, scope), scope),
          })),
        }
      : {}),
    appliedPosition: null,
  };
  await writeWhole(flightCardFile(input.system, profile.source_id), JSON.stringify(card, null, 2), 0o600);
  return card;
}

/** Cards of the other profiles that were switched by the same press. */
export function cardsTogether(card: FlightCard): FlightCard[] {
  if (!card.holdId) return [];
  return readdirSync(homeFolder('flight'))
    .filter((name) => name.endsWith('.json') && name !== flightCardName(card.system, card.sourceId))
    .flatMap((name) => readJson<FlightCard>(path.join(homeFolder('flight'), name)) ?? [])
    .filter((other) => other.holdId === card.holdId);
}
