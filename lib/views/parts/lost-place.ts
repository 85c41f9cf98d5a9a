import { isGreen } from '@/lib/cutover/derive-gate';
import type { DerivedStep } from '@/lib/cutover/derive-steps';
import { keepDays } from '@/lib/cutover/kept-until';
import { usersLetThrough } from '@/lib/cutover/loss';
import type { CutoverRows } from '@/lib/cutover/rows';
import { inPlaceName } from '@/lib/views/words/in-place';
import type { LostPlace } from '@/lib/views/words/lost-place';
import { stepTitle } from '@/lib/views/words/step-title';

const factOf = ({ facts }: CutoverRows, stepId: unknown, name: string): unknown =>
  facts.find((one) => one.stepId === stepId && one.name === name)?.value ?? null;

/** Where what users wrote to the target is after a rollback, also once the cutover is abandoned: no abandon drops it, only the close
 *  of a later cutover drops what stands aside. Null before a rollback, and where users were never let through. */
export function lostPlaceOf(rows: CutoverRows, steps: DerivedStep[]): LostPlace | null {
  const { state, rolledBackAt } = rows.cutover;
  if (!rolledBackAt && state !== 'rolled_back') return null;
  if (!usersLetThrough(rows)) return null;
  const restore = steps.findLast(({ place }) => place.group !== 'main' && place.step.kind === 'restore');
  const aside = restore && restore.attempt?.verb !== 'undo' ? factOf(rows, restore.id, 'aside') : null;
  if (restore && typeof aside === 'string') {
    const copy = steps.find(
      ({ place }) => place.group === restore.place.group && place.step.kind === 'snapshot-target',
    );
    const counted = copy ? factOf(rows, copy.id, 'rows') : null;
    return {
      schema: aside,
      aside: true,
      rows: sumOf(counted),
      copyDays: counted === null ? null : keepDays(rows.cutover.runbook),
    };
  }
  const { schema } = rows.entry.profile.target;
  return inPlaceName(rows.runbook) ? null : { schema, aside: false, rows: null, copyDays: null };
}

const sumOf = (counted: unknown): bigint | null =>
  counted !== null && typeof counted === 'object'
    ? Object.values(counted).reduce<bigint>((sum, one) => sum + BigInt(String(one)), 0n)
    : null;

/** No schema was there when the snapshot was taken that the data rollback restores. */
export function snapshotIsOfNone(rows: CutoverRows, steps: DerivedStep[]): boolean {
  const restore = steps.find(({ place }) => place.group === 'data-rollback' && place.step.kind === 'restore');
  return factOf(rows, restore?.place.step.params.from, 'absent') === true;
}

/** What stands in the target after the data rollback, in one sentence. Where no schema was there when the snapshot was taken, a later
 *  step of the same rollback may have made it anew. */
export function restoredTarget(rows: CutoverRows, steps: DerivedStep[]): string {
  const own = steps.filter(({ place }) => place.group === 'data-rollback');
  if (!snapshotIsOfNone(rows, steps)) return 'The target is as its snapshot was.';
  const { schema, tables } = rows.entry.profile.target;
  const made = own.find(({ place, status }) => place.step.kind === 'bootstrap' && isGreen(status));
  const what = tables ? `The profile's tables in schema ${schema}` : `Schema ${schema}`;
  const [be, them] = tables ? ['are', 'them'] : ['is', 'it'];
  return made
    ? `${what} ${be} empty again: set aside, and made anew after that (${stepTitle(made.place)}), since the snapshot holds none of ${them}.`
    : `${what} ${be} absent again, as the snapshot recorded.`;
}
