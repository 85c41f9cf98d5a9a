import { checkApplied, targetPlace, withTarget } from '@/lib/dataplane';
import type { Output } from '@/lib/cli/command';
import { CutoverError } from '@/lib/errors';
import { openJournal } from './journal';
import { type Move, sqlToMend } from './open-move';
import { withOtherSql } from './own-sql';

/**
 * Takes SQL that was mended since the move began, for as long as the target holds nothing of the text before it.
 * @throws CutoverError state_forbids once that was applied
 */
export async function takeMendedSql(move: Move, folder: string, output: Output): Promise<void> {
  const begun = sqlToMend(move, folder);
  if (!begun || move.sql === null) return;
  const place = targetPlace(move.target.dsn, '', { schema: move.schema });
  const { digest } = await withTarget(
    move.target.dsn,
    (client) => checkApplied(client, { place, cutoverId: begun.cutoverId }),
    { readOnly: true },
  );
  if (digest !== null)
    throw new CutoverError({
      code: 'state_forbids',
      message: 'The SQL that this move began with was applied already.',
      advice: 'Leave --sql out to go on, or take the move back with --undo and begin anew.',
    });
  const journal = openJournal(folder);
  journal.append({ ...begun, runbook: withOtherSql(begun.runbook, move.sql) });
  journal.close();
  output.line('The SQL as it is now takes the place of the earlier text, of which nothing was applied.');
}
