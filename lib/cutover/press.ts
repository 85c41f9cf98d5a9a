import { randomUUID } from 'node:crypto';
import { claimCommand } from '@/db/queries/command/claim-command';
import { keepResult } from '@/db/queries/command/keep-result';
import { lockCutover } from '@/db/queries/cutover/lock-cutover';
import { inTx, type Tx } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import type { Json } from '@/lib/shared/json';
import type { VerbContext } from './context';
import { deriveSteps, type DerivedStep } from './derive-steps';
import { loadCutover } from './load-cutover';
import type { CutoverRows } from './rows';

/**
 * One press, done once: the key is claimed as the first statement, so a double click waits for the first and gets its
 * result. Without a key (command line) every call is a press of its own.
 * @throws CutoverError key_of_another when the key belongs to another person or act
 */
export function pressOnce<R extends { [key: string]: Json }>(
  ctx: VerbContext,
  verb: string,
  key: string | undefined,
  act: (tx: Tx) => Promise<R>,
): Promise<R> {
  const own = key ?? randomUUID();
  return inTx(ctx.db, async (tx) => {
    const claimed = await claimCommand(tx, own, verb, ctx.actor.id);
    if (!claimed.fresh) {
      if (claimed.actor !== ctx.actor.id || claimed.verb !== verb) {
        throw new CutoverError({
          code: 'key_of_another',
          message: 'This press was already used by another person or for another act.',
          advice: 'Reload the page and press again.',
        });
      }
      return claimed.result as R;
    }
    const result = await act(tx);
    await keepResult(tx, own, result);
    return result;
  });
}

export type Opened = { rows: CutoverRows; steps: DerivedStep[] };

/** The cutover with its row locked: what is decided on it holds until this transaction ends. @throws CutoverError cutover_unknown */
export async function openLocked(tx: Tx, cutoverId: string): Promise<Opened> {
  await lockCutover(tx, cutoverId);
  const rows = await loadCutover(tx, cutoverId);
  return { rows, steps: deriveSteps(rows) };
}

/** @throws CutoverError step_unknown */
export function findStep({ rows, steps }: Opened, stepId: string): DerivedStep {
  const step = steps.find(({ id }) => id === stepId);
  if (step) return step;
  throw new CutoverError({
    code: 'step_unknown',
    message: `Runbook ${rows.runbook.name} has no step ${stepId}.`,
    advice: 'Open the cutover again and choose a step of its list.',
  });
}

/** @throws CutoverError typed_id_differs */
export function requireTypedId(rows: CutoverRows, typedId: string | undefined): void {
  if (typedId === rows.cutover.sourceId) return;
  throw new CutoverError({
    code: 'typed_id_differs',
    message: `The typed id is not ${rows.cutover.sourceId}.`,
    advice: 'Type the source id exactly as it is shown, then press again; nothing was changed.',
  });
}

/** What every audit entry about a cutover carries. */
export const auditKey = ({ cutover }: CutoverRows) => ({
  cutoverId: cutover.id,
  system: cutover.system,
  sourceId: cutover.sourceId,
});
