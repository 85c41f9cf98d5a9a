import { claimDueProfiles, type DueProfile } from '@/db/queries/profile/claim-due-profiles';
import { saveMeasure } from '@/db/queries/profile/save-measure';
import { saveReading } from '@/db/queries/profile/save-reading';
import { syncPolls } from '@/db/queries/profile/sync-polls';
import { fleetNow } from '@/lib/cutover/fleet-now';
import type { LoadedFleet } from '@/lib/fleet/load';
import { superviseManaged } from '@/lib/services/managed-process';
import { observeProfile } from '@/lib/services/observe';
import { readReach } from '@/lib/services/read-reach';
import { targetUnreadOf } from '@/lib/services/target-unread';
import type { Json } from '@/lib/shared/json';
import { measureInChild } from './measure-in-child';
import { takeTurns } from './take-turns';
import { isAway } from './while-away';
import type { WorkerEnv } from './worker-env';

const claimAtOnce = 25;
const claimEveryMs = 500;
const measureEveryMs = 60_000;
const observeMs = 4_000;

/** Reads every profile when it is due, starts managed services that are down, counts rows once a minute. @returns stop */
export function pollProfiles(worker: WorkerEnv): () => void {
  const turns = takeTurns(measureEveryMs);
  let synced = '';
  let claiming = false;
  let measuring: Promise<void> | null = null;
  const sync = async (fleet: LoadedFleet): Promise<void> => {
    const key = `${fleet.path}:${fleet.digest}`;
    if (key === synced) return;
    await syncPolls(
      worker.db,
      fleet.systems.flatMap(({ name, profiles }) =>
        profiles.map(({ source_id }) => ({ system: name, sourceId: source_id })),
      ),
    );
    synced = key;
  };
  const tick = async (): Promise<void> => {
    const fleet = await fleetNow(worker.db);
    await sync(fleet);
    const due = await claimDueProfiles(worker.db, claimAtOnce);
    await Promise.all(due.map((key) => readOne(worker, fleet, key)));
    turns.note(due);
    const next = measuring ? null : turns.next();
    if (next) {
      measuring = measureOne(worker, fleet, next)
        .catch(report)
        .finally(() => {
          measuring = null;
        });
    }
  };
  const timer = setInterval(() => {
    if (claiming) return;
    claiming = true;
    tick()
      .catch(report)
      .finally(() => {
        claiming = false;
      });
  }, claimEveryMs);
  return () => clearInterval(timer);
}

let lastReport = '';
/** A fleet file with a mistake would otherwise say so twice a second. */
function report(thrown: unknown): void {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (!isAway(thrown) && text !== lastReport) console.error('worker: polling failed:', text);
  lastReport = text;
}

async function readOne(
  worker: WorkerEnv,
  fleet: LoadedFleet,
  { system, sourceId, inCutover }: DueProfile,
): Promise<void> {
  try {
    const { profile, service } = fleet.find(system, sourceId);
    if (!service) return;
    const secret = (name: string): string => worker.secrets()[name] ?? '';
    const signal = AbortSignal.timeout(observeMs);
    const [reading, reach] = await Promise.all([
      observeProfile(profile, service, secret, signal),
      inCutover ? readReach(profile.source, secret(profile.target.dsn_env), signal) : null,
    ]);
    const { surfaces, stays, ...read } = reading;
    await saveReading(worker.db, {
      system,
      sourceId,
      ...read,
      reach,
      surfaces: { surfaces, stays },
      instances: reading.instances as unknown as Json,
      at: new Date(reading.at),
    });
    await superviseManaged(service, secret);
  } catch (thrown) {
    report(thrown);
  }
}

async function measureOne(
  worker: WorkerEnv,
  fleet: LoadedFleet,
  key: { system: string; sourceId: string },
): Promise<void> {
  const { profile } = fleet.find(key.system, key.sourceId);
  const began = performance.now();
  const measure = await measureInChild(
    worker.childPath,
    profile,
    worker.secrets()[profile.target.dsn_env] ?? '',
    fleet.file.allowed_roots,
  );
  if (!measure) return;
  await saveMeasure(worker.db, key.system, key.sourceId, {
    ...measure,
    tookMs: performance.now() - began,
    registry: measure.registry as unknown as Json,
    error: measure.source.error ?? measure.target.error,
    targetUnread: targetUnreadOf(measure),
  });
}
