import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import type { StepGroup } from '@/lib/cutover/walk-runbook';
import { type Badge, badgeWords } from '@/lib/views/words/badge';
import { pressWords } from '@/lib/views/words/in-place';
import { isRejected, sequenceUnderWay } from './current-step';

const underWords: Partial<Record<StepGroup, 'switch' | 'rollback' | 'data rollback'>> = {
  main: 'switch',
  'runtime-rollback': 'rollback',
  'data-rollback': 'data rollback',
};

/** Glyph and word of a cutover: the same in its header and in every list. */
export function badgeOf(rows: CutoverRows, steps: DerivedStep[], current: DerivedStep | null): Badge {
  const under = sequenceUnderWay(steps)?.place.group;
  return badgeWords({
    state: rows.cutover.state,
    outside: rows.cutover.outsideActAt !== null,
    press: pressWords(rows.runbook),
    under: (under && underWords[under]) ?? null,
    current: current
      ? {
          status: current.status,
          kind: current.place.step.kind,
          human: current.place.human !== null,
          rejected: isRejected(current),
          firstOfSwitch: current.place.group === 'main' && current.place.sequence && current.place.index === 0,
        }
      : null,
  });
}
