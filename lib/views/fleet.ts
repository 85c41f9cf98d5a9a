import { type CutoverLine, listLastEnded, listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { readNow } from '@/db/queries/views/read-now';
import { type ProfileStateRow, readProfileStates } from '@/db/queries/views/read-profile-states';
import { readSparks } from '@/db/queries/views/read-sparks';
import type { SessionContext } from '@/lib/auth/actor';
import type { LoadedFleet } from '@/lib/fleet/load';
import type { ProfileEntry, SystemEntry } from '@/lib/fleet/schema';
import { routes } from '@/lib/shared/routes';
import { capital } from '@/lib/shared/words';
import type { FleetDto, FleetRowDto, ProfileGroup } from './dto';
import { endedWords, type Headline, headlineOf } from './parts/cutover-headline';
import { readFleetFile } from './parts/read-fleet-file';
import { driftWords, goalOf, groupOf, groupOfFile, mixedWords, toMode } from './words/mode';
import { counterWords } from './words/counters';
import { type Blocker, sharedWords, startBlocker } from './words/neighbours';
import { profileKey } from './words/profile-key';
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

const cannotStart = 'Cannot start';

/** Every profile of the fleet file, what needs a person first. */
export async function buildFleet(ctx: SessionContext): Promise<FleetDto> {
  const now = await readNow(ctx.db);
  const { fleet, fileError } = await readFleetFile(ctx.db);
  const canPlan = ctx.actor.roles.includes('operator');
  const rows = fleet ? await readRows(ctx, fleet, now.getTime(), canPlan) : [];
  return {
    now: now.toISOString(),
    environment: fleet?.file.environment ?? 'unknown',
    canPlan,
    systems: (fleet?.systems ?? []).map(({ name, title }) => ({ name, title })),
    needPerson: rows.filter(({ urgency }) => urgency <= 2).length,
    cannotStart: rows.filter(({ status }) => status.headline === cannotStart).length,
    counters: groups.map((group) => {
      const own = rows.filter((row) => row.group === group);
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
  for (const line of await listOpenCutovers(ctx.db))
    open.set(profileKey(line.system, line.sourceId), { line, headline: await headlineOf(ctx, line.id) });
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
  return {
    system: system.name,
    systemTitle: system.title,
    sourceId: profile.source_id,
    title: profile.title ?? null,
    group,
    mode,
    status: statusOf(group, mode, open?.headline ?? null, ended, around.nowMs, blocker, goalOf(runbook) === null),
    cutoverId: open?.line.id ?? null,
    health: {
      healthy: state?.healthy ?? null,
      latencyMs: state?.latencyMs ?? null,
      spark: around.sparks.get(key) ?? [],
    },
    wayBack: wayBackWords(
      runbook.way_back,
      open?.line.state ?? (group === 'on_target' ? (ended?.state ?? null) : null),
    ),
    sourceBytes: state?.sourceBytes?.toString() ?? null,
    rows: total,
    action: actionOf(group, system.name, profile.source_id, open?.line.id ?? null, around.mayPlan && !blocker, blocker),
    urgency: urgencyOf(group, mode, open?.headline ?? null, blocker),
    shares: sharedWords(system, profile),
  };
}

/** Lower comes first: what needs a person, then what moves, then what cannot start, then what may. */
function urgencyOf(
  group: ProfileGroup,
  mode: FleetRowDto['mode'],
  open: Headline | null,
  blocker: Blocker | null,
): number {
  if (group === 'drift' || group === 'unknown') return mode.readAt ? 1 : 6;
  if (open) return open.urgency;
  if (group !== 'source') return 7;
  if (mixedWords(mode)) return 4;
  return blocker ? 4 : 5;
}

function sumRows(state: ProfileStateRow | null): string | null {
  if (!state || state.counts.length === 0) return null;
  return state.counts.reduce((sum, { source, target }) => sum + BigInt(source ?? target ?? '0'), 0n).toString();
}

function statusOf(
  group: ProfileGroup,
  mode: FleetRowDto['mode'],
  open: Headline | null,
  ended: CutoverLine | null,
  nowMs: number,
  blocker: Blocker | null,
  inPlace: boolean,
): FleetRowDto['status'] {
  if (group === 'drift') return { glyph: 'drift', headline: 'Drift', detail: driftWords(mode, nowMs), fraction: null };
  if (group === 'unknown')
    return { glyph: 'unknown', headline: 'Unknown', detail: driftWords(mode, nowMs), fraction: null };
  if (open) return { glyph: open.glyph, headline: open.headline, detail: open.detail, fraction: open.fraction };
  if (group === 'on_target')
    return {
      glyph: 'passed',
      headline: 'On target',
      detail: ended?.state === 'closed' ? endedWords(ended) : 'Not moved by this console.',
      fraction: null,
    };
  const mixed = mixedWords(mode);
  if (mixed) return { glyph: 'waiting', headline: 'Mixed', detail: mixed, fraction: null };
  if (blocker) return { glyph: 'failed', headline: cannotStart, detail: capital(blocker.cause), fraction: null };
  return {
    glyph: 'source',
    headline: inPlace ? 'Live schema' : 'Source mode',
    detail: ended ? `${endedWords(ended)} Ready to plan.` : 'Ready to plan.',
    fraction: null,
  };
}

function actionOf(
  group: ProfileGroup,
  system: string,
  sourceId: string,
  cutoverId: string | null,
  mayPlan: boolean,
  blocker: Blocker | null,
): FleetRowDto['action'] {
  const profile = routes.profile(system, sourceId);
  if (group === 'drift' || group === 'unknown') return { label: 'See cause', href: profile };
  if (cutoverId) return { label: 'Open', href: routes.cutover(cutoverId) };
  if (group === 'source' && blocker) return { label: 'See cause', href: profile };
  return group === 'source' && mayPlan
    ? { label: 'Start…', href: routes.newCutover(system, sourceId) }
    : { label: 'Open', href: profile };
}
