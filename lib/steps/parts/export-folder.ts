import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readSource, type TakenFile } from '@/lib/dataplane';
import { commandArgv } from '@/lib/services/service-command';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import type { MachineStep, NewFinding, StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { exportByCommand, madeExport } from './export-by-command';
import { firstService, scopeOf, sourceFrom } from './places';
import { type BatchTable, readBatches } from './read-batches';

export const folderParams = z.strictObject({
  to: z.literal('folder'),
  /** Name of a command of the service's cli; `output` is the folder, `file.NAME` the copy of that file of the source. */
  command: z.string(),
  /** Id of the snapshot-source step whose copies it reads, and whose rows it must hold. */
  from: z.string(),
  /** What a person does when a batch is not the one that was written. */
  advice: z.string().optional(),
});
type Params = z.infer<typeof folderParams>;
type Made = { path: string; attemptId: string };

const folderOf = (ctx: StepContext, attempt: string): string => path.join(ctx.snapshotDir, `${ctx.step.id}-${attempt}`);

/** Names for the command's argv. Before the copies exist, their step stands for them. */
function namesOf(ctx: StepContext, { from }: Params, output: string): Record<string, string> {
  const parts = ctx.factOrNull<TakenFile[]>(from, 'parts') ?? [];
  const { source } = ctx.profile;
  const planned = source.kind === 'sqlite-files' ? Object.keys(source.files) : [];
  return {
    source_id: ctx.profile.source_id,
    schema: ctx.profile.target.schema,
    output,
    ...Object.fromEntries(planned.map((name) => [`file.${name}`, `<copy of ${name} by ${from}>`])),
    ...Object.fromEntries(parts.map(({ name, path: file }) => [`file.${name}`, file])),
  };
}

/** The system's own export: a folder of checksummed batches under a manifest, read to its last byte afterwards. */
export const folderExport = {
  async plan(ctx, params) {
    const service = firstService(ctx);
    return {
      lines: [
        {
          type: 'command',
          on: 'service',
          effect: 'write',
          does: `Runs ${params.command} of the system on the copies of ${params.from}; it writes one folder.`,
          text: commandArgv(service, params.command, namesOf(ctx, params, folderOf(ctx, '<attempt>'))).join(' '),
          undo: 'the folder is removed with its retention',
        },
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: 'Reads every batch: SHA-256 and lines against the manifest, rows against the copies; lists the tables and columns that it leaves out.',
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx, params) {
    const output = folderOf(ctx, ctx.attemptId);
    mkdirSync(output, { recursive: true, mode: 0o700 });
    await exportByCommand(ctx, params.command, namesOf(ctx, params, output));
    await ctx.state.set('made', { path: output, attemptId: ctx.attemptId } satisfies Made);
  },
  async check(ctx, params) {
    const made = await madeExport<Made>(ctx);
    const tables = await readBatches(made.path);
    const rows = ctx.fact<Record<string, string>>(params.from, 'rows');
    await ctx.saveFindings(leftOut(ctx, params.from, tables));
    ctx.setFact('path', made.path);
    return { checkpoints: [batchCheckpoint(tables, params.advice), rowCheckpoint(tables, rows)] };
  },
} satisfies Pick<MachineStep<Params>, 'plan' | 'run' | 'check'>;

function batchCheckpoint(tables: readonly BatchTable[], advice?: string): CheckpointResult {
  const damaged = tables.flatMap((table) => table.damaged);
  const files = tables.reduce((sum, table) => sum + table.files, 0);
  return checkpoint('batches', 'Every batch is the one that was written', damaged.length === 0, {
    summary: damaged.length
      ? `${damaged.slice(0, 5).join('; ')}.${advice ? ` ${advice}` : ''}`
      : `${files} batches of ${tables.length} tables have the checksum of the manifest`,
  });
}

function rowCheckpoint(tables: readonly BatchTable[], rows: Record<string, string>): CheckpointResult {
  const wrong = tables.filter((table) => rows[table.name] !== String(table.rows) || table.lines !== table.rows);
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  return checkpoint('rows', 'Every row of the tables that it exports is in it', wrong.length === 0, {
    summary: wrong.length
      ? wrong.map((one) => `${one.name}: ${one.lines} lines, ${rows[one.name] ?? 'no'} rows in the copy`).join('; ')
      : `${formatCount(total)} rows`,
    table: {
      columns: ['Table', 'Rows in the copy', 'In the manifest', 'Lines', 'Batches'],
      numeric: [1, 2, 3, 4],
      rows: tables.map((one) => [one.name, rows[one.name] ?? 'none', `${one.rows}`, `${one.lines}`, `${one.files}`]),
    },
  });
}

/** Told, not waiting for a rule: this export is a second copy, and the rows are not moved by it. */
function leftOut(ctx: StepContext, from: string, tables: readonly BatchTable[]): NewFinding[] {
  const rows = ctx.fact<Record<string, string>>(from, 'rows');
  const { tables: source } = readSource(sourceFrom(ctx, from).location, scopeOf(ctx));
  const told = (table: string, column: string | null, what: string): NewFinding => ({
    key: `${table}.${column ?? '*'}.export_leaves_out`,
    code: 'export_leaves_out',
    table,
    column,
    count: BigInt(rows[table] ?? '0'),
    message: `${what} is not in the system’s own export: an import of it loses ${column === null ? 'these rows' : 'these values'}, and its validation, which counts rows, does not see it.`,
    sample: [],
    rules: [],
    blocking: false,
  });
  return source.flatMap(({ name, columns }) => {
    const exported = tables.find((table) => table.name === name);
    if (!exported) return [told(name, null, `Table ${name}`)];
    return columns
      .filter((column) => !exported.columns.includes(column.name))
      .map((column) => told(name, column.name, `Column ${name}.${column.name}`));
  });
}
