import { inArray } from 'drizzle-orm';
import { getDb } from '@/db/client';
import { cutover, profileState } from '@/db/schema';
import { exitCodes, readOptions, type Command, type Output } from '@/lib/cli/command';
import { type LocalMove, readLocalMoves } from '@/lib/cli/local/local-status';
import { standsIn } from '@/lib/cli/local/open-move';
import { readSourcePath } from '@/lib/cli/local/source-path';
import { namesProfile, newestCutover } from '@/lib/cli/profile-acts';
import { deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { CutoverRows } from '@/lib/cutover/rows';
import { openCutoverStates } from '@/lib/shared/statuses';

const usage = 'cutover status [FILE | SYSTEM/SOURCE_ID]';

export const status: Command = {
  summary: 'where it stands: every profile and open cutover, one profile, or the moves of a file',
  help: `Usage: ${usage}

  (nothing)            backend mode of every profile, the steps of every open cutover, the moves of files
  FILE                 the moves of this file that were begun on this host with cutover run
  SYSTEM/SOURCE_ID     the newest cutover of a profile`,
  async run(argv, output) {
    const { positionals } = readOptions(argv, {}, usage);
    const [given] = positionals;
    if (namesProfile(given, undefined)) {
      const { rows } = await newestCutover(given ?? '');
      output.result({ cutovers: [showCutover(rows, output)] });
      return exitCodes.done;
    }
    if (given) {
      const file = readSourcePath(given, standsIn());
      const moves = readLocalMoves(file);
      showMoves(moves, output);
      if (!moves.length) output.line(`No move of ${file} was begun on this host.`);
      output.result({ moves });
      return exitCodes.done;
    }
    const moves = readLocalMoves();
    // Somebody who only moves files has no console.
    const told = process.env.DATABASE_URL ? await showConsole(output) : { profiles: [], cutovers: [] };
    showMoves(moves, output);
    if (!process.env.DATABASE_URL && !moves.length)
      output.line('No console was started from this data folder, and no file was moved.');
    output.result({ ...told, moves });
    return exitCodes.done;
  },
};

async function showConsole(output: Output) {
  const db = getDb();
  const profiles = await db.select().from(profileState);
  for (const { system, sourceId, declared, observed, readAt } of profiles)
    output.line(
      `${system}/${sourceId}  declared ${declared ?? 'unknown'}  observed ${observed ?? 'unknown'}  read ${readAt.toISOString()}`,
    );
  const open = await db
    .select({ id: cutover.id })
    .from(cutover)
    .where(inArray(cutover.state, [...openCutoverStates]));
  const cutovers = [];
  for (const { id } of open) cutovers.push(showCutover(await loadCutover(db, id), output));
  return {
    profiles: profiles.map(({ system, sourceId, declared, observed, readAt }) => ({
      system,
      sourceId,
      declared,
      observed,
      readAt,
    })),
    cutovers,
  };
}

function showCutover(rows: CutoverRows, output: Output) {
  const { id, system, sourceId, state } = rows.cutover;
  const steps = deriveSteps(rows).map((step) => ({ id: step.id, status: step.status, reason: step.reason }));
  output.line('');
  output.line(`${system}/${sourceId}  ${state}  ${id}`);
  for (const step of steps)
    output.line(`  ${step.status.padEnd(10)} ${step.id}${step.reason ? `  ${step.reason}` : ''}`);
  return { id, system, sourceId, state, steps };
}

function showMoves(moves: LocalMove[], output: Output): void {
  for (const { file, target, schema, state, since, folder, steps, openFindings, undoSince } of moves) {
    output.line('');
    output.line(`${file}  →  ${schema} at ${target}  ${state} ${since}`);
    for (const { id, status: word, reason } of steps)
      output.line(`  ${word.padEnd(10)} ${id}${reason ? `  ${reason}` : ''}`);
    if (state === 'moved') output.line('  as it was then; cutover diff asks the target how it stands now');
    if (undoSince)
      output.line(
        `  taking it back was begun ${undoSince} and has not ended; the same command with --undo goes on with it`,
      );
    if (openFindings.length) output.line(`  findings without a rule: ${openFindings.join(', ')}`);
    output.line(`  ${folder}`);
  }
}
