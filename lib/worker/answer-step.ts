import { saveFindings } from '@/db/queries/step-state/save-findings';
import { findKeptSnapshots } from '@/db/queries/snapshot/find-kept-snapshots';
import { findRecord } from '@/db/queries/step-state/find-record';
import { readStepState } from '@/db/queries/step-state/read-step-state';
import { saveSnapshot } from '@/db/queries/step-state/save-snapshot';
import { saveStepState } from '@/db/queries/step-state/save-step-state';
import { holdAttempt } from '@/db/queries/attempt/hold-attempt';
import { updateHeldAttempt } from '@/db/queries/attempt/update-held-attempt';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { lockCutover } from '@/db/queries/cutover/lock-cutover';
import { sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { inTx } from '@/db/tx';
import { CutoverError } from '@/lib/errors';
import type { CutoverRow, AttemptRow } from '@/lib/cutover/rows';
import type { Json } from '@/lib/shared/json';
import type { Ask } from './messages';
import { whileAway } from './while-away';

/** What a step asks of the control plane, done under its epoch. @throws CutoverError attempt_lost when another holds it */
export function answerStep(db: Db, cutover: CutoverRow, attempt: AttemptRow, ask: Ask): Promise<Json> {
  const { id, epoch, cutoverId, stepId } = attempt;
  if (ask.what === 'state-get') return whileAway(() => readStepState(db, cutoverId, stepId, ask.name));
  if (ask.what === 'find-record') return whileAway(() => findRecord(db, cutover.system, ask.name));
  if (ask.what === 'find-kept-snapshots') return whileAway(() => findKeptSnapshots(db, cutover));
  return whileAway(() =>
    inTx(db, async (tx) => {
      if (ask.what === 'save-findings' || ask.what === 'plan-matched') await lockCutover(tx, cutoverId);
      if (!(await holdAttempt(tx, id, epoch))) throw lost(id);
      switch (ask.what) {
        case 'state-set':
          await saveStepState(tx, { cutoverId, stepId, name: ask.name, value: ask.value });
          break;
        case 'plan-matched':
          await updateHeldAttempt(tx, id, epoch, { planMatchedAt: sql`clock_timestamp()` });
          // From here on users may be held: pages must not say otherwise until they happen to look again.
          await insertEvent(tx, cutoverId, 'attempt', stepId, { attemptId: id, verb: attempt.verb, state: 'running' });
          break;
        case 'save-findings':
          await saveFindings(tx, attempt, ask.findings);
          await insertEvent(tx, cutoverId, 'finding', stepId, { count: ask.findings.length });
          break;
        case 'save-snapshot':
          await saveSnapshot(tx, { id, cutoverId, system: cutover.system, sourceId: cutover.sourceId }, ask.snapshot);
          break;
      }
      return null;
    }),
  );
}

export const lost = (id: string): CutoverError =>
  new CutoverError({
    code: 'attempt_lost',
    message: `Attempt ${id} is held by another worker now, or was ended.`,
    advice: 'This one changes nothing any more; look at the newest attempt of the step.',
  });
