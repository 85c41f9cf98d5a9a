import { listProfileCutovers, type CutoverLine } from '@/db/queries/views/list-cutovers';
import { listSnapshots } from '@/db/queries/views/list-snapshots';
import { readLastPress } from '@/db/queries/views/read-last-press';
import { readNow } from '@/db/queries/views/read-now';
import { readProfileState, readReadings } from '@/db/queries/views/read-profile-states';
import { readReturnedHolds } from '@/db/queries/views/read-returned-holds';
import { readWorkers } from '@/db/queries/views/read-workers';
import type { SessionContext } from '@/lib/auth/actor';
import { fleetNow } from '@/lib/cutover/fleet-now';
import { mayAct } from '@/lib/cutover/who-may';
import { openCutoverStates } from '@/lib/shared/statuses';
import { routes } from '@/lib/shared/routes';
import { listWords } from '@/lib/shared/words';
import type { ProfileDto } from './dto';
import { chartPoints } from './parts/chart-points';
import { headlinesOf, standsIn } from './parts/cutover-headline';
import { endedWords, toCutoverRow } from './parts/cutover-row';
import { readLeftAside } from './parts/left-aside';
import { toConfiguration, toInstances, toMarks, toRegistry, toSnapshot } from './parts/profile-parts';
import { countedBefore, toCounts } from './words/counts';
import { goalOf, groupOf, groupOfFile, toMode } from './words/mode';
import { profileKey } from './words/profile-key';
import { startBlocker } from './words/neighbours';
import { unreadOf } from './words/unread';
import { wayBackWords } from './words/way-back';

const dayMs = 86_400_000;

/** One profile. @throws CutoverError profile_unknown | fleet_invalid */
export async function buildProfile(
  ctx: SessionContext,
  { system: name, sourceId }: { system: string; sourceId: string },
): Promise<ProfileDto> {
  const now = await readNow(ctx.db);
  const fleet = await fleetNow(ctx.db);
  const found = fleet.find(name, sourceId);
  const { runbook } = fleet.runbook(found.profile.runbook);
  const state = await readProfileState(ctx.db, name, sourceId);
  const lines = await listProfileCutovers(ctx.db, name, sourceId);
  const open = lines.find((line) => isOpen(line)) ?? null;
  const returned = await readReturnedHolds(
    ctx.db,
    lines.map(({ id }) => id),
  );
  const headline = open ? ((await headlinesOf(ctx, [open.id])).get(open.id) ?? null) : null;
  const mode = toMode(state, found.service !== null);
  const group = found.service
    ? groupOf(mode, { to: goalOf(runbook), inCutover: open !== null, switching: headline?.switching ?? false })
    : groupOfFile({ inCutover: open !== null, lastEnded: open ? null : (lines[0]?.state ?? null) });
  const unread = unreadOf(state, found.profile);
  const targetUnread = state?.targetUnread ?? null;
  const readings = await readReadings(ctx.db, name, sourceId, new Date(now.getTime() - dayMs));
  const before = countedBefore(
    state?.countedAt ?? null,
    await readLastPress(ctx.db, name, sourceId),
    found.service !== null && (mode.observed === null || typeof state?.reach?.targetProblem === 'string'),
  );
  const machines = (await readWorkers(ctx.db)).map(({ machine }) => machine);
  return {
    now: now.toISOString(),
    system: name,
    systemTitle: found.system.title,
    sourceId,
    title: found.profile.title ?? null,
    targetMode: runbook.to,
    mode,
    healthy: state?.healthy ?? null,
    latencyMs: state?.latencyMs ?? null,
    wayBack: wayBackWords(runbook, open?.state ?? (group === 'on_target' ? (lines[0]?.state ?? null) : null)),
    primary: group === 'on_target' ? lastOf(lines) : primaryOf(ctx, name, sourceId, open),
    blocker: open || group !== 'source' ? null : startBlocker(found.system, found.profile),
    unread,
    targetUnread,
    openCutover: open && headline ? { id: open.id, badge: headline.badge, headline: standsIn(headline) } : null,
    leftAside: (await readLeftAside(ctx.db, { system: name, sourceId })).get(profileKey(name, sourceId)) ?? null,
    instances: toInstances(state, found),
    chart: {
      points: chartPoints(readings, now.getTime()),
      marks: toMarks(lines, runbook),
    },
    counts: toCounts(state?.counts ?? [], { source: unread !== null, target: targetUnread !== null }, before !== null),
    countedBefore: before,
    countedAt: state?.countedAt?.toISOString() ?? null,
    sourceBytes: state?.sourceBytes?.toString() ?? null,
    targetBytes: state?.targetBytes?.toString() ?? null,
    snapshots: (await listSnapshots(ctx.db, name, sourceId)).map(toSnapshot),
    cutovers: lines.map((line) =>
      isOpen(line) && headline
        ? toCutoverRow(line, standsIn(headline), headline.badge, returned)
        : toCutoverRow(line, endedWords(line), null, returned),
    ),
    registry: toRegistry(state),
    configuration: toConfiguration(found, machines, state),
    neighbours: found.neighbours.map(({ profile, shares }) => ({
      sourceId: profile.source_id,
      shares: `shares the ${listWords(shares.map((what) => (what === 'service' ? 'service' : 'source file')))}`,
    })),
  };
}

const isOpen = ({ state }: CutoverLine): boolean => (openCutoverStates as readonly string[]).includes(state);

/** On the target there is nothing to start: what brought it there is what a person looks for. */
const lastOf = ([last]: readonly CutoverLine[]): ProfileDto['primary'] =>
  last ? { label: isOpen(last) ? 'Open cutover' : 'Open last cutover', href: routes.cutover(last.id) } : null;

function primaryOf(
  { actor }: SessionContext,
  system: string,
  sourceId: string,
  open: CutoverLine | null,
): ProfileDto['primary'] {
  if (open) return { label: 'Open cutover', href: routes.cutover(open.id) };
  return mayAct('plan-cutover', actor) ? { label: 'Start cutover…', href: routes.newCutover(system, sourceId) } : null;
}
