import { createHash } from 'node:crypto';
import { findGroup } from '@/db/queries/cutover/find-group';
import { findLatestCutovers } from '@/db/queries/cutover/find-latest-cutovers';
import type { Reader } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import { canonicalJson } from '@/lib/shared/json';
import { deriveExits, refuseRun } from './derive-acts';
import { deriveSteps, type DerivedStep } from './derive-steps';
import { loadCutover } from './load-cutover';
import type { Opened } from './press';
import type { CutoverRows } from './rows';

/** A profile behind the same process that cannot be switched now, and what is missing. */
export type Unready = { sourceId: string; cutoverId: string | null; why: string };
/** Cutovers that one press switches, by source id, and what stands against it. */
export type SwitchGroup = { members: Opened[]; unready: Unready[] };

export const firstOfSwitch = ({ steps }: Opened): DerivedStep | null =>
  steps.find(({ place }) => place.group === 'main' && place.sequence && place.index === 0) ?? null;

const sharing = ({ entry }: CutoverRows): string[] =>
  entry.neighbours.filter(({ shares }) => shares.includes('service')).map(({ profile }) => profile.source_id);

const open = async (db: Reader, id: string): Promise<Opened> => {
  const rows = await loadCutover(db, id);
  return { rows, steps: deriveSteps(rows) };
};

const bySource = (a: Opened, b: Opened): number => (a.rows.cutover.sourceId < b.rows.cutover.sourceId ? -1 : 1);

/** Profiles behind one process change backend with it, so they are switched together or not at all. */
async function readSwitchGroup(db: Reader, own: Opened): Promise<SwitchGroup> {
  const others = sharing(own.rows);
  const latest = others.length
    ? await findLatestCutovers(db, own.rows.cutover.system, others)
    : new Map<string, { id: string; state: CutoverRows['cutover']['state'] }>();
  const members = [own];
  const unready: Unready[] = [];
  for (const sourceId of others) {
    const found = latest.get(sourceId);
    // It lives on the target already, and stays there.
    if (found && (found.state === 'switched' || found.state === 'closed')) continue;
    if (!found || found.state === 'abandoned') {
      unready.push({ sourceId, cutoverId: null, why: 'has no cutover' });
      continue;
    }
    const other = await open(db, found.id);
    const why = whyNot(own, other);
    if (why) unready.push({ sourceId, cutoverId: found.id, why });
    else members.push(other);
  }
  return { members: members.sort(bySource), unready };
}

function whyNot(own: Opened, other: Opened): string | null {
  if (other.rows.cutover.state === 'rolled_back') return 'is rolled back: abandon that cutover and plan a new one';
  if (other.rows.cutover.runbookDigest !== own.rows.cutover.runbookDigest)
    return `walks another runbook (${other.rows.runbook.name} ${other.rows.runbook.version})`;
  const first = firstOfSwitch(other);
  if (!first) return 'has no switch in its runbook';
  const refused = refuseRun(other.rows, first);
  if (refused) return `is not at its gate: ${refused.reason.replace(/\.$/, '')}`;
  return first.plan ? null : 'has no plan of its switch yet';
}

/** The cutovers that this one was switched with, itself among them. */
async function readSwitched(db: Reader, own: Opened): Promise<Opened[]> {
  const { switchGroup, id } = own.rows.cutover;
  if (!switchGroup) return [own];
  const members: Opened[] = [];
  for (const other of await findGroup(db, switchGroup)) members.push(other === id ? own : await open(db, other));
  return members;
}

/** Whom one press of this step covers: the switch all profiles behind the process, a thaw pressed again all that were
 *  switched together and are not let through yet, anything else this one alone. */
export async function membersOfPress(db: Reader, own: Opened, { id, place }: DerivedStep): Promise<SwitchGroup> {
  if (place.group !== 'main' || !place.sequence) return { members: [own], unready: [] };
  if (place.index === 0) return readSwitchGroup(db, own);
  const members = await readSwitched(db, own);
  const left = members.filter((member) => member === own || !member.steps.find((step) => step.id === id)?.greenBy);
  return { members: left, unready: [] };
}

/** Those that a rollback of this one takes along: the pressed one always, so that its refusal is said, and of the others
 *  those that stand on the target or half way. */
export const membersGoingBack = async (db: Reader, own: Opened): Promise<Opened[]> =>
  (await readSwitched(db, own)).filter(
    (member) => member === own || deriveExits(member.rows, member.steps).some(({ act }) => act === 'rollback'),
  );

/** What one press is bound to: the plan of each member as it was seen. Of one alone it is the plan's own digest. */
export function groupDigest(members: { sourceId: string; digest: string | null }[]): string | null {
  if (members.some(({ digest }) => digest === null)) return null;
  const [first] = members;
  if (members.length === 1) return first?.digest ?? null;
  const parts = members.map(({ sourceId, digest }) => [sourceId, digest]).sort();
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}

/** @throws CutoverError neighbours_not_ready naming each profile and what it lacks */
export function refuseUnready({ unready }: SwitchGroup, rows: CutoverRows): void {
  if (unready.length === 0) return;
  throw new CutoverError({
    code: 'neighbours_not_ready',
    message: `${rows.entry.service?.name ?? 'The process'} serves ${unreadyWords(unready)}. Profiles behind one process switch together or not at all; nothing was started.`,
    advice: 'Bring each of them to its gate (plan, load, row diff, sign-off), then one press switches them together.',
    facts: { neighbours: unready.map(({ sourceId }) => sourceId) },
  });
}

export const unreadyWords = (unready: Unready[]): string =>
  unready.map(({ sourceId, why }) => `${sourceId} as well, which ${why}`).join('; ');
