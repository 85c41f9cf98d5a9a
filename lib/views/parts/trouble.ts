import { readFailingSince, readProfileState, type ProfileStateRow } from '@/db/queries/views/read-profile-states';
import type { Elsewhere } from '@/db/queries/views/read-elsewhere';
import type { Reader } from '@/db/tx';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { readingFreshMs } from '@/lib/shared/worker-times';
import { toMode } from '@/lib/views/words/mode';
import { neverRead, type Trouble, type TroubleGiven, troubleWords } from '@/lib/views/words/trouble';
import { observedOf } from './decision-checks';
import { heldSince } from './hold';

/** A worker that is busy leaves out a look or two; after this long nothing is known. */
const staleMs = 3 * readingFreshMs;
/** One look takes at most this long, so what ends within it may have been begun before. */
const lookMs = 5_000;

type Given = { rows: CutoverRows; steps: DerivedStep[]; elsewhere?: Elsewhere | null };

/** What is wrong with the service of an open cutover, from the reading that the fleet page shows; null while nothing is,
 *  while its users are held on purpose, and for a rehearsal, which touches no service. */
export async function readTrouble(db: Reader, given: Given): Promise<Trouble | null> {
  const { system, sourceId } = given.rows.cutover;
  if (!isWatched(given)) return null;
  const state = await readProfileState(db, system, sourceId);
  const since = state?.healthy === false ? await readFailingSince(db, system, sourceId) : null;
  return toTrouble(given, state, since);
}

function isWatched({ rows, steps, elsewhere }: Given): boolean {
  const { cutover, entry } = rows;
  if (!entry.service || cutover.kind === 'rehearsal' || cutover.outsideActAt) return false;
  if (cutover.state === 'closed' || cutover.state === 'abandoned' || elsewhere?.live) return false;
  return heldSince(rows, steps) === null && !steps.some(isPressed);
}

/** A press, or what takes it back, holds and restarts the service itself. */
const isPressed = ({ place, live }: DerivedStep): boolean =>
  live !== null && live.verb !== 'plan' && (place.sequence || place.group !== 'main');

/** @param failingSince the first of the readings in a row that were not healthy */
export function toTrouble(
  { rows, steps }: Given,
  state: ProfileStateRow | null,
  failingSince: Date | null,
): Trouble | null {
  const now = rows.now.getTime();
  const pressEnd = lastPressEnd(rows, steps);
  if (!state) return rows.cutover.state === 'switched' && now - pressEnd > staleMs ? neverRead : null;
  const readMs = state.readAt.getTime();
  const kind = now - readMs > staleMs ? 'unread' : kindOf(rows, state);
  if (!kind) return null;
  // What was looked at before the press was over tells of the press.
  if (readMs <= pressEnd + lookMs && now - pressEnd <= staleMs) return null;
  const begun = (failingSince ?? state.driftSince)?.getTime() ?? null;
  return troubleWords({
    kind,
    cause: state.cause,
    since: begun === null ? null : new Date(Math.max(begun, pressEnd)).toISOString(),
    readAt: state.readAt.toISOString(),
    ageMs: now - readMs,
    declared: state.declared,
    observed: state.observed,
    expected: rows.runbook.to,
    way: rows.cutover.state === 'switched' ? `Roll back… returns to ${backTo(rows)}.` : '',
  });
}

const backTo = ({ runbook }: CutoverRows): string =>
  runbook.from === runbook.to ? 'the schema from before' : runbook.from;

function kindOf({ cutover, runbook }: CutoverRows, state: ProfileStateRow): TroubleGiven['kind'] | null {
  const mode = toMode(state);
  const answers = Array.isArray(state.instances)
    ? state.instances.some((one) => typeof one === 'object' && one !== null && !Array.isArray(one) && one.status)
    : false;
  if (state.healthy === false) return answers ? 'unhealthy' : 'silent';
  if (mode.observed === null || state.healthy === null) return 'unknown';
  if (!mode.agrees) return 'drift';
  const moved = cutover.state === 'switched' && runbook.from !== runbook.to;
  return moved && observedOf(state, runbook.surfaces) !== runbook.to ? 'elsewhere' : null;
}

const lastPressEnd = ({ attempts }: CutoverRows, steps: DerivedStep[]): number => {
  const ids = new Set(steps.filter(({ place }) => place.sequence || place.group !== 'main').map(({ id }) => id));
  const ends = attempts.flatMap(({ stepId, verb, endedAt }) =>
    verb !== 'plan' && endedAt && ids.has(stepId) ? [endedAt.getTime()] : [],
  );
  return Math.max(0, ...ends);
};
