import type { DerivedStep } from '@/lib/cutover/derive-steps';
import type { CutoverRows } from '@/lib/cutover/rows';
import { listWords } from '@/lib/shared/words';
import type { OverrideSaidDto } from '@/lib/views/dto';
import { stepTitle } from './step-title';

type Override = CutoverRows['overrides'][number];
type People = ReadonlyMap<string, string>;

/** Which step went on without a verdict, who asked for it, who confirmed it, and why. */
const overrideSaid = ({ by, confirmedBy, reason }: Override, title: string, people: People): OverrideSaidDto => ({
  title: `${title} overridden`,
  text: `by ${people.get(by) ?? ''}, confirmed by ${people.get(confirmedBy ?? '') ?? ''}: ${reason}`,
});

/** Those that stand on these steps, in their order. */
export const overridesOn = (steps: DerivedStep[], people: People): OverrideSaidDto[] =>
  steps.flatMap(({ status, override, place }) =>
    status === 'overridden' && override ? [overrideSaid(override, stepTitle(place), people)] : [],
  );

/** All that were confirmed in this cutover, also those after which a step was run again. */
export const overridesEver = (rows: CutoverRows, steps: DerivedStep[], people: People): OverrideSaidDto[] =>
  rows.overrides
    .filter(({ confirmedBy }) => confirmedBy)
    .map((one) => {
      const step = steps.find(({ id }) => id === one.stepId);
      return overrideSaid(one, step ? stepTitle(step.place) : one.stepId, people);
    });

/** "2 of 3 steps hold, 1 overridden: Log scan": an override lets a step pass, and proves nothing. */
export function holdingWords(steps: DerivedStep[], since = ''): string {
  const passed = steps.filter(({ status }) => status === 'passed').length;
  const overridden = steps.filter(({ status }) => status === 'overridden').map(({ place }) => stepTitle(place));
  const held = `${passed} of ${steps.length} steps ${since}hold`;
  return overridden.length ? `${held}, ${overridden.length} overridden: ${listWords(overridden)}` : held;
}
