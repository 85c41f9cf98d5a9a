import { exitCodes, readOptions, type Command, type Output } from '@/lib/cli/command';
import { namesProfile } from '@/lib/cli/profile-acts';
import { runIsolated } from '@/lib/cli/local/run-isolated';
import { askYes } from '@/lib/cli/local/ask';
import { openJournal, readJournal } from '@/lib/cli/local/journal';
import {
  moveHelp,
  moveOptions,
  openMove,
  readMove,
  refuseFullSchema,
  withInterrupt,
  type Move,
} from '@/lib/cli/local/open-move';
import { takeSql } from '@/lib/cli/local/take-sql';
import { sqlOf } from '@/lib/cli/local/own-sql';
import { pruneCopies } from '@/lib/cli/local/prune-copies';
import { openScreen } from '@/lib/cli/local/show-progress';
import { setAside, stateFolder, withMoveLock } from '@/lib/cli/local/state-folder';
import { whatIsGone } from '@/lib/cli/local/still-there';
import { brokeOff, walkMove } from '@/lib/cli/local/walk-move';
import { liveStateThen, sinceWords } from '@/lib/cli/local/since-words';
import { sinceCopy } from '@/lib/sources/live-state';
import { CutoverError, toFacts } from '@/lib/errors';
import { visibleText } from '@/lib/shared/visible-text';

const usage = 'cutover run FILE --to DSN --schema NAME [--rule FINDING=RULE]… [--yes | --undo | --again]';
const profileUsage = 'cutover run SYSTEM/SOURCE_ID --runbook NAME [--yes] [--keep]';

/** Moves one SQLite file, proven cell by cell; every step is that of the console. */
export const run: Command = {
  summary: 'move a SQLite file into a PostgreSQL schema and prove every cell: FILE --to DSN --schema NAME',
  help: `Usage: ${usage}
       ${profileUsage}

${moveHelp}
  --yes                go on without being asked; without a terminal it must be given
  --undo               take back what this move has put into the target
  --again              begin anew after a finished move; the schema must be empty again
  --keep               of a profile: leaves the throw-away PostgreSQL running; the next run removes it

Checks everything first and changes nothing while a finding is open. Then shows the plan, asks, copies
the file, makes the schema, imports, and compares every cell. The file is only read. Ctrl-C, a kill or a
lost connection loses nothing: the same command goes on where it ended.

SYSTEM/SOURCE_ID with --runbook runs a runbook that stands on its own, such as a smoke on a throw-away
PostgreSQL: nothing of the profile is read or written, and nothing is left.

Example:
  export TARGET_DSN=postgres://shop:…@db.example.org/shop
  cutover run ./app.db --to env:TARGET_DSN --schema app`,
  async run(argv, output) {
    const { values, positionals } = readOptions(
      argv,
      {
        ...moveOptions,
        yes: { type: 'boolean' },
        undo: { type: 'boolean' },
        again: { type: 'boolean' },
        keep: { type: 'boolean' },
      },
      usage,
    );
    const [given] = positionals;
    if (given !== undefined && positionals.length === 1 && namesProfile(given, values.to))
      return runIsolated(
        { given, runbook: values.runbook, keep: values.keep ?? false, yes: values.yes ?? false },
        output,
      );
    const move = await readMove(values, positionals, usage);
    pruneCopies(output);
    return withMoveLock(move, async () => {
      if (values.undo) return undo(move, output, values.yes ?? false);
      const folder = stateFolder(move);
      const { movedAt, opened } = readJournal(folder).state;
      if (movedAt && !values.again) {
        refuseLateSql(move, opened ? sqlOf(opened.runbook) : null);
        return already(move, movedAt, opened?.cutoverId ?? '', output);
      }
      if (movedAt) {
        await refuseFullSchema(move);
        output.line(`The earlier move is kept in ${setAside(move)}.`);
      }
      return walk(move, output, values.yes ?? false);
    });
  },
};

async function walk(move: Move, output: Output, yes: boolean): Promise<number> {
  const screen = openScreen(output);
  await takeSql(move, stateFolder(move), output);
  const open = openMove(move, stateFolder(move), screen);
  return withInterrupt(open.walk, output, async () => {
    try {
      return await walkMove(open, move, output, screen, yes);
    } catch (thrown) {
      screen.clear();
      const ended = brokeOff(open, move, thrown, output);
      if (ended === null) throw thrown;
      return ended;
    }
  });
}

/** @throws CutoverError state_forbids: after the end of a move its tables may be in use */
function refuseLateSql({ sql }: Move, applied: string | null): void {
  if (sql === null || sql.text === applied) return;
  throw new CutoverError({
    code: 'state_forbids',
    message: `The move is finished, and ${sql.name} was no part of it; nothing was done.`,
    advice: 'Run the SQL by hand (psql -1 -f …), or take the move back with --undo and begin anew with --sql.',
  });
}

async function already(move: Move, movedAt: string, cutoverId: string, output: Output): Promise<number> {
  const folder = stateFolder(move);
  const gone = await whatIsGone(move, cutoverId);
  const journal = openJournal(folder);
  if (journal.state.gone !== gone) journal.append({ what: 'gone', why: gone });
  journal.close();
  const was = `${move.given} was moved into ${move.schema} at ${move.place} at ${movedAt}`;
  if (gone !== null) {
    output.line(
      `${was}, but ${gone}. Nothing was done. Take back what is left of that move with --undo, then run again; its evidence is kept.`,
    );
    output.result({ state: 'gone', movedAt, gone, folder });
    return exitCodes.refused;
  }
  const since = sinceCopy([move.file], liveStateThen(journal.state));
  output.line(
    `${was}; nothing was done. cutover diff compares them now; --again begins anew once the schema is empty.`,
  );
  for (const line of sinceWords(since, move)) output.line(line);
  output.result({ state: 'moved', movedAt, sinceCopy: since, folder });
  return exitCodes.done;
}

async function undo(move: Move, output: Output, yes: boolean): Promise<number> {
  const folder = stateFolder(move);
  if (!readJournal(folder).state.opened)
    throw new CutoverError({
      code: 'state_forbids',
      message: `No move of ${move.file} into ${move.schema} at ${move.place} was begun from here.`,
      advice: 'Nothing is there to take back; cutover status lists what was begun.',
    });
  const agreed = yes || (await askYes(`Remove what was moved into schema ${move.schema} at ${move.place}?`));
  if (!agreed) {
    output.line(agreed === null ? 'Nobody can be asked here: add --yes to take it back.' : 'Nothing was changed.');
    output.result({ state: 'kept' });
    return exitCodes.refused;
  }
  const screen = openScreen(output);
  // What is taken back is what was begun, whatever the SQL says now.
  const { walk: local, steps } = openMove({ ...move, sql: null }, folder, screen);
  return withInterrupt(local, output, async () => {
    const begun = steps.filter(({ id }) => local.state.steps.has(id)).reverse();
    for (const [i, step] of begun.entries()) {
      try {
        await local.undo(step.id);
      } catch (thrown) {
        screen.clear();
        if (!local.stopped() && i === 0) throw thrown;
        return undoBrokeOff({ stepId: step.id, stopped: local.stopped(), folder }, move, thrown, output);
      }
    }
    screen.clear();
    const kept = setAside(move);
    output.line(`Taken back: ${move.schema} is as it was. Log and evidence: ${kept}`);
    output.result({ state: 'undone', folder: kept });
    return exitCodes.done;
  });
}

/** A step is taken back whole or not at all; what was taken back before it stays so. */
function undoBrokeOff(
  at: { stepId: string; stopped: boolean; folder: string },
  move: Move,
  thrown: unknown,
  output: Output,
): number {
  const { stepId, stopped, folder } = at;
  const error = toFacts(thrown);
  if (!stopped) process.stderr.write(`${visibleText(error.message)} [${error.code}]\n${visibleText(error.advice)}\n`);
  output.line(
    `${stopped ? 'Ended' : 'Stopped'} while ${stepId} was being taken back; what it made is still in ${move.schema}. The same command with --undo goes on; cutover status ${move.given} says where it stands.`,
  );
  output.result({ state: stopped ? 'interrupted' : 'stopped', stepId, folder, ...(stopped ? {} : { error }) });
  return stopped ? exitCodes.interrupted : exitCodes.failed;
}
