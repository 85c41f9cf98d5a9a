import { createHash, randomUUID } from 'node:crypto';
import { insertAttempt } from '@/db/queries/attempt/insert-attempt';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { AttemptVerb } from '@/db/schema/cutover';
import type { Tx } from '@/db/tx';
import type { CutoverRow, AttemptRow } from './rows';
import { touchesService, type Place } from './walk-runbook';

/** Names of queues are 128 characters at most; a longer key is told apart by its digest. */
const shortKey = (key: string): string =>
  key.length <= 120 ? key : `${key.slice(0, 50)}#${createHash('sha256').update(key).digest('hex')}`;

/** What an attempt must not overlap with: its service where it touches one, else its own profile; plans with nothing. */
function attemptKey(cutover: CutoverRow, place: Place, verb: AttemptVerb): string | null {
  if (verb === 'plan') return null;
  if (verb === 'undo' || touchesService(place)) return shortKey(cutover.serviceKey);
  return shortKey(`profile:${cutover.system}/${cutover.sourceId}`);
}

type Wanted = {
  verb: AttemptVerb;
  place: Place;
  requestedBy: string | null;
  pressId?: string | null;
  planDigest?: string | null;
};

/** Attempt, job and event in the caller's transaction. The cutover's row must be locked. */
export async function addAttempt(
  tx: Tx,
  cutover: CutoverRow,
  wanted: Wanted,
  options: { first?: boolean } = {},
): Promise<AttemptRow> {
  const { place, verb, requestedBy } = wanted;
  const row = await insertAttempt(
    tx,
    {
      id: randomUUID(),
      cutoverId: cutover.id,
      stepId: place.step.id,
      verb,
      requestedBy,
      serviceKey: attemptKey(cutover, place, verb),
      pressId: wanted.pressId ?? null,
      planDigest: wanted.planDigest ?? null,
    },
    options,
  );
  await insertEvent(tx, cutover.id, 'attempt', place.step.id, { attemptId: row.id, verb, state: 'queued' });
  return row;
}
