import { listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { readNow } from '@/db/queries/views/read-now';
import { readPeople } from '@/db/queries/views/read-people';
import { readProfileStates } from '@/db/queries/views/read-profile-states';
import { parseRoles, type SessionContext } from '@/lib/auth/actor';
import { fleetNow } from '@/lib/cutover/fleet-now';
import { mayAct } from '@/lib/cutover/who-may';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import { runbooksOf } from '@/lib/fleet/schema';
import { standsAlone } from '@/lib/fleet/stands-alone';
import { runAloneCommand } from '@/lib/shared/shell-text';
import type { NewCutoverDto } from './dto';
import { readLeftAside } from './parts/left-aside';
import { type Blocker, startBlocker } from './words/neighbours';
import { profileKey } from './words/profile-key';
import { stepTitle } from './words/step-title';
import { tLabel } from './words/times';
import { wayBackMeans } from './words/way-back';

const cannotStart = (blocker: Blocker | null): string | null => (blocker ? `Cannot start: ${blocker.cause}` : null);

/** T-0 is suggested so that the first phase starts soon, on a round five minutes. */
const startsInMs = 5 * 60_000;

/** @throws CutoverError fleet_invalid */
export async function buildNewCutover({ db, actor }: SessionContext): Promise<NewCutoverDto> {
  const fleet = await fleetNow(db);
  const states = new Map(
    (await readProfileStates(db)).map((state) => [profileKey(state.system, state.sourceId), state]),
  );
  const open = new Map((await listOpenCutovers(db)).map((line) => [profileKey(line.system, line.sourceId), line]));
  const used = fleet.systems.flatMap((system) => system.profiles.flatMap(runbooksOf));
  const named = [...new Set(used)].map((name) => [name, fleet.runbook(name).runbook] as const);
  const runbooks = new Map(named.filter(([, runbook]) => !standsAlone(runbook)));
  const alone = new Map(named.filter(([, runbook]) => standsAlone(runbook)));
  const left = await readLeftAside(db);
  const now = await readNow(db);
  return {
    now: now.toISOString(),
    canPlan: mayAct('plan-cutover', actor),
    profiles: fleet.systems.flatMap((system) =>
      system.profiles.map((profile) => {
        const key = profileKey(system.name, profile.source_id);
        const other = open.get(key);
        return {
          system: system.name,
          systemTitle: system.title,
          sourceId: profile.source_id,
          runbook: profile.runbook,
          runbooks: runbooksOf(profile).filter((name) => runbooks.has(name)),
          alone: runbooksOf(profile).flatMap((name) => {
            const runbook = alone.get(name);
            const command = runAloneCommand(system.name, profile.source_id, name);
            return runbook ? { name, title: runbook.title, summary: runbook.summary, command } : [];
          }),
          runbookTitle: runbooks.get(profile.runbook)?.title ?? profile.runbook,
          service: profile.service ?? null,
          observed: states.get(key)?.observed ?? null,
          surfaces: runbooks.get(profile.runbook)?.subset
            ? (states.get(key)?.surfaces.surfaces ?? []).map(({ name, title, observed }) => ({ name, title, observed }))
            : [],
          blockedBy: other
            ? `It has a cutover already: ${other.state.replace('_', ' ')}, by ${other.openedBy}.`
            : cannotStart(startBlocker(system, profile)),
          leftAside: left.get(key) ?? null,
          openCutoverId: other?.id ?? null,
        };
      }),
    ),
    reviewers: (await readPeople(db))
      .filter((one) => one.id !== actor.id && !one.banned && parseRoles(one.role).includes('reviewer'))
      .map(({ id, name }) => ({ id, name })),
    suggestedT0: suggestT0(now, [...runbooks.values()]).toISOString(),
    runbooks: Object.fromEntries([...runbooks].map(([name, runbook]) => [name, shown(runbook)])),
  };
}

function suggestT0(now: Date, runbooks: Runbook[]): Date {
  const leadSeconds = Math.max(
    0,
    ...runbooks.map(({ phases }) => -Math.min(0, ...phases.map(({ at_seconds }) => at_seconds))),
  );
  const roundMs = 5 * 60_000;
  return new Date(Math.ceil((now.getTime() + startsInMs + leadSeconds * 1000) / roundMs) * roundMs);
}

const shown = (runbook: Runbook): NewCutoverDto['runbooks'][string] => ({
  title: runbook.title,
  version: runbook.version,
  from: runbook.from,
  to: runbook.to,
  wayBack: runbook.way_back,
  wayBackMeans: wayBackMeans(runbook),
  phases: runbook.phases.map(({ title, at_seconds, sequence, steps }) => ({
    title,
    tLabel: tLabel(at_seconds),
    atSeconds: at_seconds,
    sequence,
    steps: steps.map((step) => stepTitle({ step })),
  })),
});
