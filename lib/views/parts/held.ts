import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { AttemptRow, CutoverRows } from '@/lib/cutover/rows';
import { formatCount } from '@/lib/shared/format';
import type { HeldReading } from '@/lib/shared/held';
import { countWords } from '@/lib/shared/words';
import type { LiveStripDto } from '@/lib/views/dto';
import { lossFigure } from './rollback-loss';

const notRead = 'not read';
const words = (count: number | null): string => (count === null ? notRead : formatCount(count));

/** Who was held by this press and what it lost, as far as it was read. */
export function toHeld(
  rows: CutoverRows,
  walked: DerivedStep[],
  press: AttemptRow[],
): Pick<LiveStripDto, 'held' | 'heldReadAt' | 'heldNote'> {
  const readings = readingsOf(rows, press);
  const last = readings.at(-1);
  const canary = newestOf('canary', walked, press)?.endedAt;
  return {
    held: [
      { label: 'Requests waiting', value: words(last?.waiting ?? null) },
      { label: 'Writes refused', value: words(refusedIn(readings)) },
      replacedFigure(rows, walked, press) ?? {
        label: 'Acknowledged writes lost',
        ...lostFigure(rows, walked, press),
      },
      {
        label: 'Profiles on this service',
        value: String(1 + rows.entry.neighbours.filter(({ shares }) => shares.includes('service')).length),
      },
    ],
    heldReadAt: last?.at ?? null,
    // It tries to write as a user does, to show that it is refused.
    heldNote: canary && last && last.at > canary.toISOString() ? "The canary's own tries count among the refused." : '',
  };
}

/** What the steps of this press left about who was held, oldest first. */
const readingsOf = (rows: CutoverRows, press: AttemptRow[]): HeldReading[] =>
  rows.facts
    .filter(({ name, attemptId }) => name === 'held' && press.some(({ id }) => id === attemptId))
    .map(({ value }) => value as unknown as HeldReading)
    .toSorted((a, b) => a.at.localeCompare(b.at));

/** By the processes that were ended under the hold, and by those that hold now. One that is unknown makes the sum unknown. */
function refusedIn(readings: HeldReading[]): number | null {
  const counts = [...readings.map(({ ended }) => ended), readings.at(-1)?.refused ?? null];
  return counts.reduce<number | null>((sum, count) => (sum === null || count === null ? null : sum + count), 0);
}

const newestOf = (kind: string, walked: DerivedStep[], press: AttemptRow[]): AttemptRow | undefined =>
  press.findLast(
    ({ stepId, verb }) => verb !== 'undo' && walked.some(({ id, place }) => id === stepId && place.step.kind === kind),
  );

/** A restore in place loses nothing under the hold: what stood there is set aside whole, counted by the copy that was taken of it.
 *  Null for any other press. */
function replacedFigure(
  rows: CutoverRows,
  walked: DerivedStep[],
  press: AttemptRow[],
): { label: string; value: string } | null {
  const back = press.some(({ pressId }) => pressId?.startsWith('rollback:'));
  if (back || !walked.some(({ place }) => place.step.kind === 'restore')) return null;
  const copy = newestOf('snapshot-target', walked, press);
  const byTable = rows.facts.find(({ name, attemptId }) => name === 'rows' && attemptId === copy?.id)?.value;
  const counts = byTable && typeof byTable === 'object' && !Array.isArray(byTable) ? Object.values(byTable) : null;
  const sum = counts?.reduce((all, one) => all + BigInt(String(one)), 0n);
  return { label: 'Rows set aside', value: sum === undefined ? 'not counted yet' : formatCount(sum) };
}

/** A rollback loses what was found before it, whatever its own steps read; a switch loses what the two sides show under the hold. */
function lostFigure(rows: CutoverRows, walked: DerivedStep[], press: AttemptRow[]): { value: string; loss?: boolean } {
  const back = press.some(({ pressId }) => pressId?.startsWith('rollback:')) ? lossFigure(rows) : null;
  return back ?? { value: lostWords(rows, walked, press) };
}

/** Rows that one side holds and the other lacks, by the newest row diff of this press under the hold; the canary must not speak
 *  against it. */
function lostWords(rows: CutoverRows, walked: DerivedStep[], press: AttemptRow[]): string {
  const diff = newestOf('row-diff', walked, press);
  const counts = rows.facts.find(({ name, attemptId }) => name === 'counts' && attemptId === diff?.id)?.value;
  if (!diff || !counts || typeof counts !== 'object' || Array.isArray(counts)) return notRead;
  const off = BigInt(String(counts.differing)) + BigInt(String(counts.missing));
  if (off > 0n) return `${countWords(off, 'row')} not equal`;
  const canary = newestOf('canary', walked, press);
  const isShown = holds(rows, diff) && (!canary?.endedAt || holds(rows, canary));
  return isShown ? '0' : 'not shown';
}

const holds = (rows: CutoverRows, { id }: AttemptRow): boolean => {
  const own = rows.checkpoints.filter(({ attemptId }) => attemptId === id);
  return own.length > 0 && own.every(({ verdict }) => verdict === 'passed');
};
