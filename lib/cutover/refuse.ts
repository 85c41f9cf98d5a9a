import { readPeopleNames } from '@/db/queries/person/read-people-names';
import type { Reader } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import { formatAge } from '@/lib/shared/format';
import type { Refusal } from './derive-acts';
import type { DerivedStep } from './derive-steps';
import type { CutoverRows } from './rows';
import { titleOf } from './walk-runbook';

const advices: Partial<Record<Refusal['code'], string>> = {
  gate_closed: 'Finish what it waits for first; no step can be skipped.',
  state_forbids: 'Open the cutover again to see what may be done now.',
  outside_act_unconfirmed: 'Look at what was done outside, then confirm it on the cutover page.',
  plan_missing: 'Wait until its plan is made, or make it now.',
};

/** The refusal as an error; for a running step it names who started it and when. */
export async function refusedError(
  db: Reader,
  rows: CutoverRows,
  step: DerivedStep,
  refused: Refusal,
): Promise<CutoverError> {
  const { live } = step;
  if (refused.code === 'step_running' && live) {
    const who = live.requestedBy
      ? ((await readPeopleNames(db, [live.requestedBy])).get(live.requestedBy) ?? 'Another person')
      : 'The console';
    const age = formatAge(rows.now.getTime() - live.queuedAt.getTime());
    return new CutoverError({
      code: 'step_running',
      message: `${who} started ${live.verb === 'plan' ? 'the plan of ' : ''}${titleOf(step.place)} ${age}.`,
      advice: 'Watch it on the page, or cancel it first; nothing was started twice.',
      retry: 'later',
      facts: { attemptId: live.id },
    });
  }
  return new CutoverError({
    code: refused.code,
    message: `${titleOf(step.place)} cannot start: ${refused.reason}`,
    advice: advices[refused.code] ?? 'Open the cutover again to see what may be done now.',
    facts: { stepId: step.id, missing: step.gate.missing },
  });
}
