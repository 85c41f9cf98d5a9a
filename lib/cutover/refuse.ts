import { readPeopleNames } from '@/db/queries/person/read-people-names';
import type { Reader } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import { formatAge } from '@/lib/shared/format';
import { capital } from '@/lib/shared/words';
import type { Refusal } from './derive-acts';
import { lastPressed, type DerivedStep } from './derive-steps';
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

/** A press from a page that had not seen the newest attempt of the step. @param seen its id, null: none; undefined: not bound
 *  @throws CutoverError ran_since */
export async function refuseUnseen(
  db: Reader,
  rows: CutoverRows,
  step: DerivedStep,
  seen: string | null | undefined,
): Promise<void> {
  const last = lastPressed(rows, step.id);
  if (seen === undefined || !last || last.id === seen) return;
  const who = last.requestedBy && (await readPeopleNames(db, [last.requestedBy])).get(last.requestedBy);
  throw new CutoverError({
    code: 'ran_since',
    message: `${capital(titleOf(step.place))} was run at ${last.queuedAt.toISOString().slice(11, 19)} UTC by ${who || 'the console'}, which this page had not shown yet.`,
    advice: 'Look at that attempt first; nothing was started again.',
    retry: 'later',
    facts: { attemptId: last.id, seen },
  });
}
