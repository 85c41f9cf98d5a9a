import { supersedeAttempts } from '@/db/queries/attempt/supersede-attempts';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import type { Tx } from '@/db/tx';
import type { AttemptRow } from './rows';

/** Ends attempts at once by taking their epoch away; those that had ended before stay as they are. */
export async function endAttempts(tx: Tx, attempts: AttemptRow[]): Promise<void> {
  const ended = await supersedeAttempts(
    tx,
    attempts.map(({ id }) => id),
    'cancelled',
  );
  for (const { id, cutoverId, stepId, verb } of attempts)
    if (ended.includes(id))
      await insertEvent(tx, cutoverId, 'attempt', stepId, { attemptId: id, verb, state: 'cancelled' });
}
