import { type CutoverLine, listLastEnded, listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { readNow } from '@/db/queries/views/read-now';
import { type ProfileStateRow, readProfileStates } from '@/db/queries/views/read-profile-states';
import { readSparks } from '@/db/queries/views/read-sparks';
import type { SessionContext } from '@/lib/auth/actor';
import { mayAct } from '@/lib/cutover/who-may';
import type { LoadedFleet } from '@/lib/fleet/load';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import type { ProfileEntry, SystemEntry } from '@/lib/fleet/schema';
import type { FleetDto, FleetRowDto, ProfileGroup } from './dto';
import { type Headline, headlinesOf } from './parts/cutover-headline';
import { actionOf, cannotStart, statusOf, urgencyOf } from './parts/fleet-standing';
import { readFleetFile } from './parts/read-fleet-file';
import { goalOf, groupOf, groupOfFile, groupsOf, toMode } from './words/mode';
import { counterWords } from './words/counters';
import { sharedWords, startBlocker } from './words/neighbours';
import { profileKey } from './words/profile-key';
import { unreadOf } from './words/unread';
import { wayBackWords } from './words/way-back';

const groups: ProfileGroup[] = ['source', 'in_cutover', 'on_target', 'drift', 'unknown'];

type Around = {
  nowMs: number;
  states: Map<string, ProfileStateRow>;
  sparks: Map<string, (number | null)[]>;
  open: Map<string, { line: CutoverLine; headline: Headline }>;
  ended: Map<string, CutoverLine>;
  fleet: LoadedFleet;
  mayPlan: boolean;
};

/** Every profile of the fleet file, what needs a person first. */
export async function buildFleet(ctx: SessionContext): Promise<FleetDto> {
  const now = await readNow(ctx.db);
  const { fleet, fileError } = await readFleetFile(ctx.db);
  const canPlan = mayAct('plan-cutover', ctx.actor);
  const rows = fleet ? await readRows(ctx, fleet, now.getTime(), canPlan) : [];
  return {
    now: now.toISOString(),
    environment: fleet?.file.environment ?? 'unknown',
    canPlan,
    systems: (fleet?.systems ?? []).map(({ name, title }) => ({ name, title })),
    needPerson: rows.filter(({ urgency }) => urgency <= 2).length,
    cannotStart: rows.filter(({ status }) => status.headline === cannotStart).length,
    counters: groups.map((group) => {
      const own = rows.filter((row) => row.groups.includes(group));
      return { group, count: own.length, detail: counterWords(group, own) };
    }),
    rows,
    fileError,
  };
}

async function readRows(
  ctx: SessionContext,
  fleet: LoadedFleet,
  nowMs: number,
  mayPlan: boolean,
): Promise<FleetRowDto[]> {
  const states = new Map(
    (await readProfileStates(ctx.db)).map((state) => [profileKey(state.system, state.sourceId), state]),
  );
  const ended = new Map((await listLastEnded(ctx.db)).map((line) => [profileKey(line.system, line.sourceId), line]));
  const open: Around['open'] = new Map();
  const lines = await listOpenCutovers(ctx.db);
  const headlines = await headlinesOf(
    ctx,
    lines.map(({ id }) => id),
  );
  for (const line of lines) {
    const headline = headlines.get(line.id);
    if (headline) open.set(profileKey(line.system, line.sourceId), { line, headline });
  }
  const around: Around = { nowMs, states, sparks: await readSparks(ctx.db), open, ended, fleet, mayPlan };
  return fleet.systems
    .flatMap((system) => system.profiles.map((profile) => toRow(around, system, profile)))
    .sort((a, b) => a.urgency - b.urgency || a.system.localeCompare(b.system) || a.sourceId.localeCompare(b.sourceId));
}

function toRow(around: Around, system: SystemEntry, profile: ProfileEntry): FleetRowDto {
  const key = profileKey(system.name, profile.source_id);
  const state = around.states.get(key) ?? null;
  const open = around.open.get(key) ?? null;
  const mode = toMode(state, profile.service !== undefined);
  const { runbook } = around.fleet.runbook(profile.runbook);
  const ended = around.ended.get(key) ?? null;
  const group = profile.service
    ? groupOf(mode, { to: goalOf(runbook), inCutover: open !== null, switching: open?.headline.switching ?? false })
    : groupOfFile({ inCutover: open !== null, lastEnded: ended?.state ?? null });
  const total = sumRows(state);
  const blocker = startBlocker(system, profile);
  const unread = unreadOf(state, profile);
  return {
    system: system.name,
    systemTitle: system.title,
    sourceId: profile.source_id,
    title: profile.title ?? null,
    group,
    groups: groupsOf(group, mode, { served: profile.service !== undefined, open: open?.headline ?? null }),
    mode,
    status: statusOf({
      group,
      mode,
      open: open?.headline ?? null,
      ended,
      nowMs: around.nowMs,
      blocker,
      unread,
      inPlace: goalOf(runbook) === null,
    }),
    cutoverId: open?.line.id ?? null,
    health: {
      healthy: state?.healthy ?? null,
      latencyMs: state?.latencyMs ?? null,
      spark: around.sparks.get(key) ?? [],
    },
    wayBack: wayBackWords(
      open ? walkedBy(around.fleet, open.line, runbook) : runbook,
      open?.line.state ?? (group === 'on_target' ? (ended?.state ?? null) : null),
    ),
    sourceBytes: state?.sourceBytes?.toString() ?? null,
    rows: total,
    action: actionOf(
      group,
      system.name,
      profile.source_id,
      open?.line.id ?? null,
      around.mayPlan && !blocker,
      blocker !== null || unread !== null,
    ),
    urgency: urgencyOf(group, mode, open?.headline ?? null, blocker !== null || unread !== null),
    shares: sharedWords(system, profile),
  };
}

/** The runbook that an open cutover walks, which need not be the profile's first; that one where its file is gone. */
const walkedBy = (fleet: LoadedFleet, { runbook }: CutoverLine, own: Runbook): Runbook =>
  fleet.runbookNames().includes(runbook) ? fleet.runbook(runbook).runbook : own;

function sumRows(state: ProfileStateRow | null): string | null {
  if (!state || state.counts.length === 0) return null;
  return state.counts.reduce((sum, { source, target }) => sum + BigInt(source ?? target ?? '0'), 0n).toString();
}
