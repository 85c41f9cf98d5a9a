import path from 'node:path';
import { countIn, findPgTools, rehearseRestore } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { serviceEnv } from '@/lib/services/managed-process';
import { runArgv } from '@/lib/services/restart';
import { commandArgv, commandCwd } from '@/lib/services/service-command';
import type { PlanLine } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { adminDsnOf, firstService, secretOf } from './places';
import { readResult, type RehearsalParams, rehearsalPlace, resultLines, seedStatements } from './rehearsal';

/** What a rehearsal left, kept with its step. */
export type Done = {
  /** As printed. */
  result: Record<string, string>;
  backupFile: string;
  /** The console's own dump; null when a command made the backup. */
  dir: string | null;
  /** Why there is no restored schema to count. */
  problem: string | null;
};

/** Everything a rehearsal does, and what it is held against. */
export const rehearsalPlan = (ctx: StepContext, params: RehearsalParams): PlanLine[] => [
  ...(params.command ? commandPlan(ctx, params) : consolePlan(ctx, params)),
  readBack(ctx, params),
];

const line = (one: Omit<PlanLine, 'effect' | 'undo'> & Partial<PlanLine>): PlanLine => ({
  effect: 'write',
  undo: 'the rehearsal schema is removed when the step is taken back, and at close',
  ...one,
});

function consolePlan(ctx: StepContext, params: RehearsalParams): PlanLine[] {
  const { schema } = rehearsalPlace(ctx, params);
  return [
    line({
      type: 'sql',
      on: 'target',
      does: `Drops and makes schema ${schema}, which only rehearsals use, and fills it. A schema of this name that no rehearsal made is refused.`,
      text: seedStatements(ctx, params).join(';\n'),
    }),
    line({
      type: 'command',
      on: 'target',
      effect: 'read',
      does: 'Dumps it and reads the whole dump.',
      text: `pg_dump -Fc --schema ${schema} --file ${backupDir(ctx, '<attempt>')}/schema.dump`,
      undo: 'nothing to undo',
    }),
    line({ type: 'sql', on: 'target', does: 'Drops the schema.', text: `drop schema ${schema} cascade` }),
    line({
      type: 'command',
      on: 'target',
      does: 'Restores it, by the code that restores a live schema.',
      text: 'pg_restore --single-transaction --exit-on-error',
    }),
  ];
}

const commandPlan = (ctx: StepContext, params: RehearsalParams): PlanLine[] => [
  line({
    type: 'command',
    on: 'service',
    does: `Runs the system's own rehearsal, which drops and makes schema ${rehearsalPlace(ctx, params).schema}.`,
    text: commandLine(ctx, params, { file: `${backupDir(ctx, '<attempt>')}.sql`, tools: '<tools>' }).join(' '),
  }),
];

const readBack = (ctx: StepContext, params: RehearsalParams): PlanLine => ({
  type: 'check',
  on: 'target',
  effect: 'read',
  does: `Reads ${rehearsalPlace(ctx, params).schema} again and holds every number against what was seeded: ${resultLines(params.expect).join(', ')}.`,
  text: Object.values(params.counts).join(';\n'),
  undo: 'nothing to undo',
});

const backupDir = (ctx: StepContext, attempt: string): string =>
  path.join(ctx.snapshotDir, `${ctx.step.id}-${attempt}`);

/** Seeds, dumps, drops and restores by the console's own code. A restore that fails is what a rehearsal is there to find.
 *  @throws CutoverError tool_missing | tool_too_old | target_* */
export async function rehearseHere(ctx: StepContext, params: RehearsalParams, epoch: number): Promise<Done> {
  const dir = backupDir(ctx, ctx.attemptId);
  const place = rehearsalPlace(ctx, params);
  const head = { schema: place.schema, backup_file: path.join(dir, 'schema.dump') };
  const input = {
    place,
    adminDsn: adminDsnOf(ctx),
    dir,
    tools: await findPgTools(process.env.PG_BIN_DIR),
    signal: ctx.signal,
    log: (level: Parameters<StepContext['log']>[0], text: string) => ctx.log(level, text),
    failpoint: ctx.failpoint,
    statements: seedStatements(ctx, params),
    counts: params.counts,
    epoch,
  };
  try {
    const { seeded, backupFile } = await rehearseRestore(input);
    const found = await countIn(place, params.counts, ctx.signal);
    const same = Object.entries(seeded).every(([name, value]) => found[name] === value);
    const result = { backup_restore_rehearsal: same ? 'ok' : 'failed', ...head, ...found };
    return { result, backupFile, dir, problem: null };
  } catch (thrown) {
    const problem = problemOf(thrown);
    const result = { backup_restore_rehearsal: 'failed', ...head };
    return { result, backupFile: head.backup_file, dir, problem };
  }
}

const foundByRehearsing = ['rows_differ', 'tool_failed', 'snapshot_damaged'];

/** What speaks against the backup, in words. @throws everything that says nothing about it */
function problemOf(thrown: unknown): string {
  if (thrown instanceof CutoverError && foundByRehearsing.includes(thrown.code)) return thrown.message;
  throw thrown;
}

const commandLine = (ctx: StepContext, params: RehearsalParams, { file, tools }: { file: string; tools: string }) =>
  commandArgv(firstService(ctx), params.command ?? '', {
    source_id: ctx.profile.source_id,
    rehearsal_schema: rehearsalPlace(ctx, params).schema,
    backup_file: file,
    tools_dir: tools,
  });

/** Runs the system's own rehearsal. It may say ok whatever came back, so nothing of it is believed here. @throws CutoverError tool_missing */
export async function rehearseByCommand(ctx: StepContext, params: RehearsalParams): Promise<Done> {
  const service = firstService(ctx);
  const backupFile = `${backupDir(ctx, ctx.attemptId)}.sql`;
  const { binDir } = await findPgTools(process.env.PG_BIN_DIR);
  const argv = commandLine(ctx, params, { file: backupFile, tools: binDir });
  const ended = await runArgv(argv, {
    cwd: commandCwd(service),
    env: serviceEnv(service, secretOf(ctx)),
    seconds: params.timeout_seconds,
    signal: ctx.signal,
    onLine: (text) => ctx.log('debug', text),
  });
  const words = ended.output.trim().slice(-400) || 'no output';
  const problem = ended.code === 0 ? null : `${params.command} ended with ${ended.code ?? 'a signal'}: ${words}`;
  return { result: readResult(ended.stdout), backupFile, dir: null, problem };
}
