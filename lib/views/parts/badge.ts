import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import type { StepGroup } from '@/lib/cutover/walk-runbook';
import type { Trouble } from '@/lib/views/words/trouble';
import { type Badge, badgeWords } from '@/lib/views/words/badge';
import { pressWords } from '@/lib/views/words/in-place';
import { isRejected, sequenceUnderWay } from './current-step';

const underWords: Partial<Record<StepGroup, 'switch' | 'rollback' | 'data rollback'>> = {
  main: 'switch',
  'runtime-rollback': 'rollback',
  'data-rollback': 'data rollback',
};

/** Glyph and word of a cutover, and beside them those of its service's trouble: the same in its header and in every list. */
export function badgeOf(
  rows: CutoverRows,
  steps: DerivedStep[],
  current: DerivedStep | null,
  trouble: Trouble | null = null,
): Badge {
  const under = sequenceUnderWay(steps)?.place.group;
  const badge = badgeWords({
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
  if (!trouble) return badge;
  // Nothing is ready for a press that its service does not show to be.
  const text = badge.text.startsWith('ready to') ? 'open' : badge.text;
  return { ...badge, text, service: { glyph: trouble.glyph, text: trouble.badge } };
}
