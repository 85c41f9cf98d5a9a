import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { ownerProblem, targetPlace, withTarget } from '@/lib/dataplane';
import { textRows } from '@/lib/dataplane/connect-target';
import { CutoverError } from '@/lib/errors';
import type { RunbookStep } from '@/lib/fleet/runbook-schema';
import { formatCount } from '@/lib/shared/format';
import type { Output } from '@/lib/cli/command';
import { readRule, type Asked } from './chosen-rules';
import { readJournal, type LocalState } from './journal';
import { defaultRunbook, loadLocalRunbook, localEntry, localSteps } from './local-entry';
import { openLocalWalk, type LocalWalk, type Watcher } from './local-walk';
import { type GivenSql, readSql, sqlOf, withSql } from './own-sql';
import { readPlace, requireSchemaName } from './read-place';
import { readSourcePath } from './source-path';
import type { MoveKey } from './state-folder';
import { readTargetDsn, type TargetDsn } from './target-dsn';

export const moveOptions = {
  to: { type: 'string' },
  schema: { type: 'string' },
  rule: { type: 'string', multiple: true },
  runbook: { type: 'string' },
  sql: { type: 'string' },
} as const;
export const moveHelp = `  FILE                 a SQLite database, a .json, .ndjson or .jsonl file, or a folder of such files; only read
  --to DSN             env:NAME (a variable that holds the DSN), postgres://user@host:port/database
                       (password from PGPASSFILE, PGPASSWORD, or typed when asked), or service:NAME
  --schema NAME        the schema that takes the tables; made by the move
  --rule FINDING=RULE  the answer to a finding, as often as needed: 'table.column.code=rule' for one,
                       '*.code=rule' for all of a kind
  --runbook NAME       ${defaultRunbook} unless said otherwise; a shipped name or a .yaml file
  --sql FILE           reviewed SQL for views, triggers and functions that the rows do not bring along; applied in one
                       transaction when the rows are in, and compared with the rows after it`;

type Values = { to?: string; schema?: string; rule?: string[]; runbook?: string; sql?: string };
/** What a person asked to be moved, every part of it proven to be usable. */
export type Move = MoveKey & {
  given: string;
  target: TargetDsn;
  asked: Asked[];
  runbookName: string;
  sql: GivenSql | null;
  cwd: string;
};

/** Where the person stands; the command itself runs in the repository's folder. */
export const standsIn = (): string => process.env.CUTOVER_CWD ?? process.cwd();

/** @throws CutoverError input_invalid | source_* | dsn_* | schema_name_invalid */
export async function readMove(values: Values, positionals: string[], usage: string): Promise<Move> {
  const { given, to, schema } = readPlace(values, positionals, { given: 'FILE', one: 'file' }, usage);
  const asked = (values.rule ?? []).map(readRule);
  const cwd = standsIn();
  const file = readSourcePath(given, cwd);
  requireSchemaName(targetPlace('', path.basename(file), { schema }));
  const target = await readTargetDsn(to);
  return {
    file,
    given,
    target,
    place: target.place,
    schema,
    asked,
    runbookName: values.runbook ?? defaultRunbook,
    sql: values.sql === undefined ? null : readSql(path.resolve(cwd, values.sql)),
    cwd,
  };
}

/** Tables, views and sequences that the schema holds now. @throws CutoverError target_* */
export function readSchema({ target, schema }: Move): Promise<string[]> {
  return withTarget(
    target.dsn,
    async (client) =>
      (
        await textRows<{ name: string }>(
          client,
          `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') order by 1`,
          [schema],
        )
      ).map(({ name }) => name),
    { readOnly: true },
  );
}

/** @throws CutoverError target_not_empty: a move never adds to what somebody else has made */
export async function refuseFullSchema(move: Move): Promise<void> {
  const owner = await withTarget(move.target.dsn, (client) => ownerProblem(client, move), { readOnly: true });
  if (owner)
    throw new CutoverError({
      code: 'target_not_empty',
      message: `At ${move.place}, ${owner}.`,
      advice: 'Choose another name after --schema, or let its owner hand it over; nothing was changed.',
      facts: { schema: move.schema },
    });
  const held = await readSchema(move);
  if (!held.length) return;
  throw new CutoverError({
    code: 'target_not_empty',
    message: `Schema ${move.schema} at ${move.place} holds ${formatCount(held.length)} objects already (${held.slice(0, 5).join(', ')}${held.length > 5 ? ', …' : ''}), which this command has not made.`,
    advice: 'Choose another name after --schema, or drop that schema yourself; nothing was changed.',
    facts: { schema: move.schema, objects: held.length },
  });
}

export type OpenMove = { walk: LocalWalk; preflight: RunbookStep; steps: RunbookStep[] };

/** The walk of a move in a state folder. A folder that was used before goes on with the runbook it began with. */
export function openMove(move: Move, folder: string, watcher: Watcher, extra: RunbookStep[] = []): OpenMove {
  const { state } = readJournal(folder);
  // Until something is put into the target a runbook may still be mended or changed.
  const pinned = state.opened && hasBegun(state, localSteps(state.opened.runbook)) ? state.opened : null;
  const loaded = pinned
    ? { runbook: pinned.runbook, digest: pinned.digest }
    : withSql(loadLocalRunbook(move.runbookName, move.cwd), move.sql);
  if (pinned && move.runbookName !== defaultRunbook && path.basename(move.runbookName, '.yaml') !== pinned.runbook.name)
    throw new CutoverError({
      code: 'state_forbids',
      message: `This move began with the runbook ${pinned.runbook.name}.`,
      advice: 'Leave --runbook out to go on, or take the move back with --undo and begin anew.',
    });
  if (pinned && move.sql !== null && move.sql.text !== sqlOf(pinned.runbook))
    throw new CutoverError({
      code: 'state_forbids',
      message: 'This move began with other SQL.',
      advice: 'Leave --sql out to go on, or take the move back with --undo and begin anew.',
    });
  const { runbook } = loaded;
  const [preflight, ...steps] = localSteps(runbook);
  if (preflight?.kind !== 'preflight')
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Runbook ${runbook.name} does not begin with a preflight, so a file cannot walk it here.`,
      advice: `Use --runbook ${defaultRunbook}.`,
    });
  const cutoverId = state.opened?.cutoverId ?? `file-${randomUUID()}`;
  const last = runbook.phases.at(-1);
  const walk = openLocalWalk({
    folder,
    cutoverId,
    entry: localEntry({ file: move.file, schema: move.schema, dsnName: move.target.name, runbook: runbook.name }),
    runbook: last
      ? { ...runbook, phases: [...runbook.phases.slice(0, -1), { ...last, steps: [...last.steps, ...extra] }] }
      : runbook,
    secrets: { [move.target.name]: move.target.dsn },
    tentative: move.asked,
    watcher,
  });
  if (!pinned) {
    const { file, schema, place } = move;
    walk.append({ what: 'opened', cutoverId, file, schema, place, runbook, digest: loaded.digest });
  }
  return { walk, preflight, steps };
}

/** True once something may have been put into the target: from then on rules and runbook stay as they are. */
export const hasBegun = (state: LocalState, steps: readonly RunbookStep[]): boolean =>
  steps.some(({ id, kind }) => (kind === 'bootstrap' || kind === 'import') && state.steps.has(id));

/** Where a move stands that has begun without the SQL that is given now; null where there is nothing to change. */
export function sqlToTake({ sql }: Move, folder: string): LocalState | null {
  const { state } = readJournal(folder);
  const { opened } = state;
  if (sql === null || !opened || !hasBegun(state, localSteps(opened.runbook))) return null;
  return sqlOf(opened.runbook) === sql.text ? null : state;
}

/** Runs work, and turns Ctrl-C into an orderly end of the step under way. */
export async function withInterrupt<T>(walk: LocalWalk, output: Output, work: () => Promise<T>): Promise<T> {
  const stop = (): void => {
    if (!output.json) process.stderr.write('\nEnding the step under way; Ctrl-C again ends it at once.\n');
    walk.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    walk.close();
  }
}
