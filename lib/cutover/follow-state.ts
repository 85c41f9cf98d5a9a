import { readPressSpan, readPressStart } from '@/db/queries/attempt/read-press-span';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { updateCutover } from '@/db/queries/cutover/update-cutover';
import type { Tx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { type CutoverState, openCutoverStates } from '@/lib/shared/statuses';
import { auditKey } from './press';
import type { AttemptRow, CutoverRows } from './rows';
import type { Place } from './walk-runbook';

const switches = ({ runbook }: CutoverRows): boolean =>
  runbook.phases.some(({ steps }) => steps.some(({ kind }) => kind === 'switch'));

/** A runbook without a switch is closed without one. */
const closesFrom = (rows: CutoverRows): CutoverState[] => (switches(rows) ? ['switched'] : ['open', 'switched']);

/** The state of a cutover follows what a passed step has done: switched, rolled back or closed. */
export async function followStep(tx: Tx, rows: CutoverRows, place: Place, ended: AttemptRow): Promise<void> {
  const { kind } = place.step;
  const { now } = rows;
  // Where nothing is switched, T-0 is behind when users are let through to what was put in place.
  const passesT0 = kind === 'switch' || (kind === 'thaw' && !switches(rows));
  if (place.group === 'main' && passesT0) await setState(tx, rows, ['open'], 'switched', { switchedAt: now });
  if (place.group === 'main' && kind === 'thaw') await keepFrozenMs(tx, rows, ended);
  if (place.group === 'runtime-rollback') {
    const steps = rows.runbook.rollbacks.runtime.steps;
    const point = steps.find((step) => step.kind === 'thaw') ?? steps.at(-1);
    if (point?.id === place.step.id)
      await setState(tx, rows, ['open', 'switched'], 'rolled_back', { rolledBackAt: now });
  }
  if (kind === 'close') await setState(tx, rows, closesFrom(rows), 'closed', { endedAt: now });
}

/** What was put in place is taken back: the profile is free again. */
export const endAbandon = (tx: Tx, rows: CutoverRows): Promise<void> =>
  setState(tx, rows, ['planned', 'open', 'rolled_back'], 'abandoned', { endedAt: rows.now });

/** The switch returned by itself: users are on the source, and each cutover stands alone again. */
export async function endReturn(tx: Tx, rows: CutoverRows): Promise<void> {
  if (rows.cutover.state === 'switched') await setState(tx, rows, ['switched'], 'open', { switchedAt: null });
  await updateCutover(tx, rows.cutover.id, openCutoverStates, { switchGroup: null });
  await appendAudit(tx, {
    ...auditKey(rows),
    actor: 'system',
    role: 'worker',
    act: 'returned',
    summary: switches(rows)
      ? `The switch failed and the service returned to ${rows.runbook.from} by itself`
      : 'A step failed, and what had been done under the hold was taken back by itself',
  });
}

/** Of several cutovers the first freeze holds the users of all, and the first thaw lets all through. */
async function keepFrozenMs(tx: Tx, rows: CutoverRows, thaw: AttemptRow): Promise<void> {
  const first = rows.runbook.phases.find(({ sequence }) => sequence)?.steps[0];
  const press = rows.attempts.findLast(({ stepId, verb }) => verb === 'run' && stepId === first?.id)?.pressId;
  const frozenMs = first && press ? await readHeldMs(tx, press, thaw, first.id) : null;
  if (frozenMs !== null) await updateCutover(tx, rows.cutover.id, ['switched'], { frozenMs });
}

/** How long users were held; a thaw pressed again by itself ends what the switch's own press began. */
async function readHeldMs(tx: Tx, press: string, thaw: AttemptRow, freezeId: string): Promise<number | null> {
  const inPress = await readPressSpan(tx, press, freezeId, thaw.stepId);
  if (inPress !== null || !thaw.endedAt) return inPress;
  const began = await readPressStart(tx, press, freezeId);
  return began ? thaw.endedAt.getTime() - began.getTime() : null;
}

type Change = { switchedAt?: Date | null; rolledBackAt?: Date; endedAt?: Date };

async function setState(
  tx: Tx,
  rows: CutoverRows,
  from: CutoverState[],
  state: CutoverState,
  change: Change,
): Promise<void> {
  if (!(await updateCutover(tx, rows.cutover.id, from, { state, ...change }))) return;
  await insertEvent(tx, rows.cutover.id, 'state', null, { state });
  await appendAudit(tx, {
    ...auditKey(rows),
    actor: 'system',
    role: 'worker',
    act: 'state',
    summary: `The cutover is ${state.replace('_', ' ')}`,
    what: { state },
  });
}
