import type { ErrorCode } from '@/lib/errors';
import type { StepStatus } from '@/lib/shared/statuses';
import { listWords } from '@/lib/shared/words';
import type { AttemptRow, CutoverRows } from './rows';
import { titleInside, type Place } from './walk-runbook';

export type Gate = {
  open: boolean;
  code: ErrorCode;
  /** One sentence; null when open. */
  reason: string | null;
  /** Needed steps that are not green. */
  missing: string[];
  /** It opens by itself then, if nothing else is missing. */
  opensAt: Date | null;
};

const open: Gate = { open: true, code: 'gate_closed', reason: null, missing: [], opensAt: null };
const closed = (code: ErrorCode, reason: string, more: Partial<Gate> = {}): Gate => ({
  ...open,
  open: false,
  code,
  reason,
  ...more,
});
export const isGreen = (status: StepStatus): boolean => status === 'passed' || status === 'overridden';

/** Whether a step may start now, whatever has been tried before. The worker asks again at the start of the attempt. */
export function gateOf(
  rows: CutoverRows,
  place: Place,
  look: (stepId: string) => { status: StepStatus; place: Place; greenBy: string | null } | null,
): Gate {
  const { cutover } = rows;
  if (cutover.outsideActAt) {
    return closed(
      'outside_act_unconfirmed',
      'A rollback was made outside the console; a person must confirm it first.',
    );
  }
  const forbidden = stateForbids(rows, place);
  if (forbidden) return closed('state_forbids', forbidden);
  const missing = place.needs.filter((id) => {
    const need = look(id);
    return !need || !isGreen(need.status);
  });
  if (missing.length > 0) {
    const names = missing.map((id) => {
      const need = look(id);
      if (!need) return id;
      // What has not begun is waited for anyhow; its status would say nothing.
      const quiet = need.status === 'ready' || need.status === 'locked';
      return `${titleInside(need.place)}${quiet ? '' : ` (${need.status})`}`;
    });
    return closed('gate_closed', `Waits for ${listWords(names)}.`, { missing });
  }
  if (place.repairs) {
    const diff = differingDiff(rows, place.repairs);
    if (!diff) return closed('gate_closed', 'No row diff has found rows that differ.');
    if (place.needs.some((id) => diff.basis[id] !== look(id)?.greenBy))
      return closed('gate_closed', 'What the row diff compared was loaded again since; compare first.');
  }
  const after = place.step.not_before_seconds_after_switch;
  if (after !== undefined && cutover.switchedAt) {
    const opensAt = new Date(cutover.switchedAt.getTime() + after * 1000);
    if (opensAt > rows.now) return closed('gate_closed', `Starts at the earliest ${after} s after T-0.`, { opensAt });
  }
  return open;
}

/** The newest attempt of this row diff, when it found rows that differ. */
export function differingDiff({ attempts, checkpoints }: CutoverRows, stepId: string): AttemptRow | null {
  const last = attempts.findLast(
    (attempt) => attempt.stepId === stepId && attempt.verb !== 'plan' && attempt.startedAt !== null,
  );
  const differs = checkpoints.some(
    ({ attemptId, key, verdict }) => attemptId === last?.id && key === 'equal' && verdict === 'failed',
  );
  return last?.state === 'done' && differs ? last : null;
}

/** True once a step of the switch phase has started and was not taken back: the service may stand between two sides. */
export function switchTouched(rows: CutoverRows): boolean {
  const ids = new Set(
    rows.runbook.phases.filter(({ sequence }) => sequence).flatMap(({ steps }) => steps.map(({ id }) => id)),
  );
  return [...ids].some((id) => {
    const own = rows.attempts.filter(
      (attempt) => attempt.stepId === id && attempt.verb !== 'plan' && attempt.startedAt,
    );
    const last = own.at(-1);
    return last !== undefined && !(last.verb === 'undo' && last.state === 'done');
  });
}

function stateForbids({ cutover, ...rows }: CutoverRows, place: Place): string | null {
  const { state } = cutover;
  if (state === 'closed' || state === 'abandoned') return `The cutover is ${state}.`;
  switch (place.group) {
    case 'main':
      if (state === 'rolled_back') return 'The cutover is rolled back; start a new one.';
      // The rest of the sequence follows in this state; a press on any of it is refused elsewhere.
      if (place.untilSwitch && state === 'switched' && !(place.sequence && place.index > 0))
        return 'The service has been switched; steps before it are not run again.';
      return null;
    case 'repair':
      if (state === 'switched' || state === 'rolled_back' || switchTouched({ cutover, ...rows }))
        return 'The switch has begun; rows of the target are not made to follow the source any more.';
      return null;
    case 'runtime-rollback':
      if (state === 'switched' || state === 'rolled_back' || switchTouched({ cutover, ...rows })) return null;
      return 'There is nothing to roll back before T-0.';
    case 'data-rollback':
      return state === 'rolled_back'
        ? null
        : 'Data is rolled back only after the runtime rollback, while the profile is on the source.';
  }
}
