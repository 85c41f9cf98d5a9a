import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import type { DecisionDto } from '@/lib/views/dto';
import { spanWords, tLabel } from '@/lib/views/words/times';

/** Nobody presses to the second. */
const leastMs = 60_000;

/**
 * What the card of a switch or a close says where it is pressed before its planned time; null where it is not. It warns
 * and closes nothing: a window may be moved by agreement.
 */
export function earlyWords(
  { cutover, runbook, now }: CutoverRows,
  act: DecisionDto['act'],
  { place }: DerivedStep,
): string | null {
  const atSeconds = runbook.phases.find(({ id }) => id === place.phaseId)?.at_seconds;
  if (atSeconds === undefined) return null;
  const earlyMs = (t0: Date) => t0.getTime() + atSeconds * 1000 - now.getTime();
  if (act === 'switch') {
    const ms = earlyMs(cutover.t0);
    return ms < leastMs
      ? null
      : `Planned ${new Date(now.getTime() + ms).toISOString()}, that is ${spanWords(ms)} early.`;
  }
  // T+ counts from the switch as it was, as the clock of the page does.
  if (act !== 'close' || cutover.state !== 'switched' || !cutover.switchedAt) return null;
  const ms = earlyMs(cutover.switchedAt);
  return ms < leastMs ? null : `The window is planned until ${tLabel(atSeconds)}, that is ${spanWords(ms)} from now.`;
}
