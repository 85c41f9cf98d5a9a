import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { bringBackAside, takeTargetFence, targetPlace } from '@/lib/dataplane';
import { fenceRecordFile } from '@/lib/services/flight-card';
import { liftFileFence } from '@/lib/sources/json-store/fence-files';
import { CutoverError, toFacts } from '@/lib/errors';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { chosenSurfaces, surfacesOf } from '@/lib/fleet/surfaces';
import { homeFolder, writeWhole } from '@/lib/services/data-home';
import { restoreEnvText, textDigest } from '@/lib/services/env-file';
import { flightCardFile, readFlightCard } from '@/lib/services/flight-card';
import { withHostLock } from '@/lib/services/host-lock';
import { restartService, waitReady } from '@/lib/services/restart';
import { flightCardName, type ActFile, type FlightCard } from '@/lib/services/flight-card-form';
import { unsetNames, withheld } from '@/lib/services/unset-names';
import { sourceFile } from '@/lib/fleet/source-files';

type Say = (text: string) => void;

/** Finds and proves the flight card of a profile. @throws CutoverError snapshot_missing | snapshot_damaged */
export function findFlightCard(system: string, sourceId: string): FlightCard {
  const file = flightCardFile(system, sourceId);
  const card = readFlightCard(system, sourceId);
  if (!card) {
    const others = readdirSync(homeFolder('flight')).filter((name) => name.endsWith('.json'));
    throw new CutoverError({
      code: 'snapshot_missing',
      message: `There is no flight card for ${system}/${sourceId} at ${file}.`,
      advice: others.length
        ? `Cards here: ${others.join(', ')}.`
        : 'A card is written before each switch; without one nothing was switched from this host.',
    });
  }
  const damaged = card.services.find(({ oldEnvText, oldEnvDigest }) => textDigest(oldEnvText) !== oldEnvDigest);
  if (damaged)
    throw new CutoverError({
      code: 'snapshot_damaged',
      message: `The flight card's env text of ${damaged.entry.name} does not match its digest.`,
      advice:
        'Set the mode variable by hand in the env file, restart the service, and lift the fence with the SQL of the card.',
    });
  return card;
}

/** Runtime rollback from the card alone: works with web, target and control plane down. Every act is repeatable.
 *  Order: fence the target if it can be reached, old env text back, fence of the source lifted, restart, observe. */
export async function rollBackFromCard(
  card: FlightCard,
  input: { reason: string; secret: (name: string) => string; say: Say },
): Promise<ActFile> {
  const log: string[] = [];
  const say: Say = (text) => {
    log.push(`${new Date().toISOString()} ${text}`);
    input.say(text);
  };
  const targetFenced = await fenceTarget(card, input.secret, say);
  for (const { entry, oldEnvText } of card.services)
    await withHostLock(
      { service: entry.name, attemptId: `break-glass:${card.cutoverId}`, epoch: Date.now(), force: true },
      async (lock) => {
        lock.assertHeld();
        await restoreEnvText(entry, oldEnvText);
        say(
          `${entry.env_file}: ${surfacesOf(entry)
            .map(({ variable }) => variable)
            .join(', ')} as before the switch (${card.from})`,
        );
        liftSourceFence(card, say);
        const unset = withheld(entry, unsetNames(entry, card.unset ?? [], card.from));
        const { before, after } = await restartService(entry, input.secret, lock, undefined, unset);
        if (unset.length) say(`${unset.join(', ')} is no longer given to ${entry.name}`);
        say(`${entry.name} restarted${before ? `, was ${before}` : ''}${after ? `, now ${after}` : ''}`);
      },
    );
  const observed = await observeAll(card, input.secret, say);
  const act: ActFile = {
    version: 1,
    act: 'rollback',
    cutoverId: card.cutoverId,
    system: card.system,
    sourceId: card.sourceId,
    by: os.userInfo().username,
    reason: input.reason,
    at: new Date().toISOString(),
    targetFenced,
    observed,
    log,
  };
  const file = path.join(
    homeFolder('flight', 'acts'),
    `${act.at.replaceAll(':', '-')}-${flightCardName(card.system, card.sourceId)}`,
  );
  await writeWhole(file, JSON.stringify(act, null, 2), 0o600);
  say(`act recorded in ${file}; the console takes it in on its return`);
  return act;
}

/** The live schema is the side that is gone back to: it is not fenced, and where a restore left none, the one aside returns. */
async function bringBackSchema(card: FlightCard, secret: (name: string) => string, say: Say): Promise<void> {
  const { schema, dsn_env: dsn } = card.profile.target;
  try {
    const aside = await bringBackAside(targetPlace(secret(dsn), card.sourceId, card.profile.target), card.cutoverId);
    say(
      aside ? `schema ${schema} was missing in mid-restore: ${aside} is it again` : `schema ${schema} stays as it is`,
    );
  } catch (error) {
    const { message, code } = toFacts(error);
    say(`schema ${schema} was not looked at: ${message} [${code}]`);
  }
}

async function fenceTarget(card: FlightCard, secret: (name: string) => string, say: Say): Promise<boolean> {
  if (card.profile.source.kind === 'target-schema') {
    await bringBackSchema(card, secret, say);
    return false;
  }
  if (card.surfaces) {
    say(
      `schema ${card.profile.target.schema} is not fenced: surfaces that moved before ${card.surfaces.join(', ')} may use it`,
    );
    return false;
  }
  try {
    await takeTargetFence(targetPlace(secret(card.profile.target.dsn_env), card.sourceId, card.profile.target));
    say(`target schema ${card.profile.target.schema} refuses writes now`);
    return true;
  } catch (error) {
    const { message, code } = toFacts(error);
    say(`target not fenced: ${message} [${code}]`);
    return false;
  }
}

function liftSourceFence(card: FlightCard, say: Say): void {
  const { source } = card.profile;
  if (source.kind === 'json-store') {
    // The record of the fence is the list of what may be touched; the store's own folder is the only root.
    liftFileFence({ ...source, allowedRoots: [source.path] }, fenceRecordFile(card.system, card.sourceId));
    say(`${source.path}: fence lifted`);
  }
  const one = source.kind === 'sqlite-file' ? [{ path: sourceFile(source), sql: card.unfenceSql }] : [];
  for (const { path: file, sql } of card.unfence ?? one) {
    const database = new Database(file, { fileMustExist: true, timeout: 10_000 });
    try {
      database
        .transaction(() => {
          for (const statement of sql) database.exec(statement);
        })
        .immediate();
      say(`${file}: fence lifted`);
    } finally {
      database.close();
    }
  }
}

async function observeAll(card: FlightCard, secret: (name: string) => string, say: Say): Promise<string | null> {
  for (const { entry } of card.services) {
    const readings = await waitReady(entry, {
      headers: headersOfProfile(card.profile, secret),
      mode: card.from,
      surfaces: chosenSurfaces(entry, card.surfaces),
    }).catch((error: unknown) => {
      const { message, code } = toFacts(error);
      say(`${entry.name}: ${message} [${code}]`);
      return null;
    });
    if (!readings) return null;
    say(`${entry.name}: ${readings.length} of ${entry.instances.length} report ${card.from}`);
  }
  return card.from;
}
