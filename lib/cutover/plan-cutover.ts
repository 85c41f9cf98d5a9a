import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { findOpenCutover } from '@/db/queries/cutover/find-open-cutover';
import { insertCutover } from '@/db/queries/cutover/insert-cutover';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { readPeople } from '@/db/queries/views/read-people';
import { appendAudit } from '@/lib/audit/append';
import { parseRoles } from '@/lib/auth/actor';
import { CutoverError } from '@/lib/errors';
import type { Tx } from '@/db/tx';
import type { FoundProfile, LoadedFleet, LoadedRunbook } from '@/lib/fleet/load';
import { runbooksOf } from '@/lib/fleet/schema';
import { standsAlone } from '@/lib/fleet/stands-alone';
import type { Json } from '@/lib/shared/json';
import { runAloneCommand } from '@/lib/shared/shell-text';
import type { Role } from '@/lib/shared/statuses';
import { listWords } from '@/lib/shared/words';
import type { VerbContext } from './context';
import { fleetNow } from './fleet-now';
import { loadCutover } from './load-cutover';
import { pinEntry, serviceKeyOf } from './pin-entry';
import { planReadySteps } from './plan-ready-steps';
import { pressOnce } from './press';
import { chooseSurfaces } from './choose-surfaces';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  system: z.string(),
  sourceId: z.string(),
  runbook: z.string(),
  kind: z.enum(['live', 'rehearsal']).default('live'),
  t0: z.coerce.date(),
  /** Surfaces to move; none named: all. */
  surfaces: z.array(z.string()).optional(),
  /** Person ids: reviewers who are asked to sign off. */
  asked: z.array(z.string()).max(20).default([]),
});

/** Pins the digests of runbook and fleet entry and asks for the first plans. Nothing outside is touched.
 *  @throws CutoverError cutover_open_already naming the open one; profile_unknown; runbook_invalid */
export async function planCutover({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ cutoverId: string }> {
  const role = requireRole(ctx, 'plan-cutover');
  const { key, system, sourceId, runbook, kind, t0, surfaces, asked } = Input.parse(input);
  const fleet = await fleetNow(ctx.db);
  const found = fleet.find(system, sourceId);
  refuseForeign(fleet, found, fleet.runbook(runbook));
  const loaded = chooseSurfaces(fleet.runbook(runbook), found, surfaces);
  refuseUnbuilt(kind);
  await refuseNoReviewer(ctx, asked);
  return pressOnce(ctx, 'plan-cutover', key, (tx) => insertPlanned(tx, { ctx, role, found, loaded, kind, t0, asked }));
}

type Planned = {
  ctx: VerbContext;
  role: Role;
  found: FoundProfile;
  loaded: LoadedRunbook;
  kind: 'live' | 'rehearsal';
  t0: Date;
  asked?: string[];
};

/** The cutover with its pinned entry, its first plans asked for, and the audit entry. @throws CutoverError cutover_open_already */
export async function insertPlanned(
  tx: Tx,
  { ctx, role, found, loaded, kind, t0, asked = [] }: Planned,
): Promise<{ cutoverId: string }> {
  const id = randomUUID();
  const system = found.system.name;
  const sourceId = found.profile.source_id;
  const inserted = await insertCutover(tx, {
    id,
    system,
    sourceId,
    kind,
    t0,
    runbookName: loaded.runbook.name,
    runbookDigest: loaded.digest,
    runbook: JSON.parse(JSON.stringify(loaded.runbook)) as Json,
    fleetDigest: found.digest,
    fleetEntry: pinEntry(found).json,
    serviceKey: serviceKeyOf(found),
    openedBy: ctx.actor.id,
    asked,
  });
  if (!inserted) {
    const other = await findOpenCutover(tx, system, sourceId);
    throw new CutoverError({
      code: 'cutover_open_already',
      message: `${system}/${sourceId} already has a cutover, ${other?.state.replace('_', ' ') ?? 'open'} since ${other?.createdAt.toISOString() ?? 'just now'}.`,
      advice: 'Go on with that one, or close or abandon it first.',
      facts: { cutoverId: other?.id ?? null },
    });
  }
  await planReadySteps(tx, await loadCutover(tx, id));
  await insertEvent(tx, id, 'state', null, { state: 'planned' });
  await appendAudit(tx, {
    actor: ctx.actor.id,
    role,
    act: 'plan-cutover',
    cutoverId: id,
    system,
    sourceId,
    summary: `Planned ${system}/${sourceId}: ${loaded.runbook.from} to ${loaded.runbook.to}${loaded.runbook.surfaces ? ` (${loaded.runbook.surfaces.join(', ')})` : ''}, T-0 ${t0.toISOString()}`,
    what: {
      runbook: loaded.runbook.name,
      version: loaded.runbook.version,
      runbookDigest: loaded.digest,
      fleetDigest: found.digest,
      kind,
      t0: t0.toISOString(),
      ...(asked.length ? { asked } : {}),
      ...(loaded.runbook.surfaces ? { surfaces: loaded.runbook.surfaces } : {}),
    },
  });
  return { cutoverId: id };
}

/** Who is asked must be able to sign: a reviewer, and not the one who plans and will run it. */
async function refuseNoReviewer(ctx: VerbContext, asked: string[]): Promise<void> {
  if (asked.length === 0) return;
  const people = await readPeople(ctx.db);
  const not = asked.find(
    (id) => id === ctx.actor.id || !parseRoles(people.find((one) => one.id === id)?.role).includes('reviewer'),
  );
  if (not === undefined) return;
  throw new CutoverError({
    code: 'input_invalid',
    message: `${people.find(({ id }) => id === not)?.name ?? 'One of those asked'} cannot be asked to sign this off.`,
    advice: 'Ask people with the role reviewer who do not run it themselves.',
  });
}

/** A profile walks the runbooks that its entry names, and needs no cutover for one that touches nothing of it. */
function refuseForeign(fleet: LoadedFleet, { system, profile }: FoundProfile, { runbook }: LoadedRunbook): void {
  const alone = standsAlone(runbook);
  const own = runbooksOf(profile).filter((name) => !standsAlone(fleet.runbook(name).runbook));
  if (own.includes(runbook.name)) return;
  throw new CutoverError({
    code: 'input_invalid',
    message: alone
      ? `${runbook.name} touches nothing of ${profile.source_id}, so it needs no cutover.`
      : `${system.name}/${profile.source_id} does not walk ${runbook.name}.`,
    advice: alone
      ? `Run it on the host of the console: ${runAloneCommand(system.name, profile.source_id, runbook.name)}`
      : `Choose ${listWords(own)}, or name it under other_runbooks of the profile in the fleet file.`,
  });
}

function refuseUnbuilt(kind: 'live' | 'rehearsal'): void {
  if (kind === 'live') return;
  throw new CutoverError({
    code: 'state_forbids',
    message: 'Rehearsals on copies are not available in this version.',
    advice: 'Plan a live cutover; up to the switch it writes nothing to the source and can be abandoned.',
  });
}
