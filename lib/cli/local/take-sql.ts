import { checkApplied, targetPlace, withTarget } from '@/lib/dataplane';
import type { Output } from '@/lib/cli/command';
import { CutoverError } from '@/lib/errors';
import { openJournal, type LocalState } from './journal';
import { localSteps } from './local-entry';
import { type Move, sqlToTake } from './open-move';
import { type GivenSql, sqlOf, withOtherSql, withSql } from './own-sql';

/**
 * Takes SQL that was added or mended since the move began, for as long as the target holds nothing of the text before it.
 * @throws CutoverError state_forbids once that was applied
 */
export async function takeSql(move: Move, folder: string, output: Output): Promise<void> {
  const state = sqlToTake(move, folder);
  if (!state?.opened || move.sql === null) return;
  if (sqlOf(state.opened.runbook) === null) {
    addSql(state, state.opened, move.sql, folder);
    output.line(
      'The SQL is added to this move: it is applied when the rows are in, and every row is compared after it.',
    );
    return;
  }
  await requireUnapplied(move, state.opened.cutoverId);
  const journal = openJournal(folder);
  journal.append({ ...state.opened, runbook: withOtherSql(state.opened.runbook, move.sql) });
  journal.close();
  output.line('The SQL as it is now takes the place of the earlier text, of which nothing was applied.');
}

async function requireUnapplied({ target, schema }: Move, cutoverId: string): Promise<void> {
  const place = targetPlace(target.dsn, '', { schema });
  const { digest } = await withTarget(target.dsn, (client) => checkApplied(client, { place, cutoverId }), {
    readOnly: true,
  });
  if (digest === null) return;
  throw new CutoverError({
    code: 'state_forbids',
    message: 'The SQL that this move began with was applied already.',
    advice: 'Leave --sql out to go on, or take the move back with --undo and begin anew.',
  });
}

/** What was proven of the rows behind the new step no longer holds: the SQL may change them. */
function addSql(state: LocalState, opened: NonNullable<LocalState['opened']>, sql: GivenSql, folder: string): void {
  const { runbook } = withSql(opened, sql);
  const steps = localSteps(runbook).map(({ id }) => id);
  const journal = openJournal(folder);
  journal.append({ ...opened, runbook });
  for (const stepId of steps.slice(steps.indexOf('apply-sql') + 1))
    if (state.steps.has(stepId)) journal.append({ what: 'undone', stepId });
  journal.close();
}
