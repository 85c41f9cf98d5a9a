import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { countSource } from '@/lib/dataplane';
import { commandArgv } from '@/lib/services/service-command';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatBytes, formatCount } from '@/lib/shared/format';
import type { MachineStep, StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { exportByCommand, madeExport } from './export-by-command';
import { firstService, liveSource, scopeOf } from './places';
import { type ExportRead, readDocumentExport, readLinesExport } from './read-export';

export const commandParams = z
  .strictObject({
    to: z.literal('command').default('command'),
    /** Name of a command of the service's cli. */
    command: z.string(),
    /** A file of lines: line type → source table whose rows it must hold. */
    expect_tables: z.record(z.string(), z.string()).optional(),
    /** A file that is one JSON document: member that is a list → source table whose rows it must hold. */
    expect_members: z.record(z.string(), z.string()).optional(),
    /** Members of that document that are kept as evidence, e.g. a fingerprint. */
    keep_members: z.array(z.string()).default([]),
  })
  .refine(
    ({ expect_tables: lines, expect_members: members }) => (lines === undefined) !== (members === undefined),
    'either expect_tables or expect_members is needed',
  );
type CommandParams = z.infer<typeof commandParams>;
type Made = {
  path: string;
  digest: string;
  attemptId: string;
  before: Record<string, string>;
  after: Record<string, string>;
};

const fileOf = (ctx: StepContext, { expect_members: members }: CommandParams, attempt: string): string =>
  path.join(ctx.snapshotDir, `${ctx.step.id}-${attempt}.${members ? 'json' : 'jsonl'}`);
/** What is counted in the file → the table whose rows it must equal. */
const expectedOf = ({ expect_tables: lines, expect_members: members }: CommandParams): Record<string, string> =>
  members ?? lines ?? {};
const unitOf = ({ expect_members: members }: CommandParams): 'entries' | 'lines' => (members ? 'entries' : 'lines');
const namesOf = (ctx: StepContext, output: string) => ({
  source_id: ctx.profile.source_id,
  schema: ctx.profile.target.schema,
  output,
});

/** The system's own export: a file in its own exchange format, read line by line afterwards. */
export const commandExport = {
  async plan(ctx, params) {
    const { command } = params;
    const service = firstService(ctx);
    return {
      lines: [
        {
          type: 'command',
          on: 'service',
          effect: 'write',
          does: `Runs ${command} of the system; it reads the source and writes one file.`,
          text: commandArgv(service, command, namesOf(ctx, fileOf(ctx, params, '<attempt>'))).join(' '),
          undo: 'the file is removed with its retention',
        },
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: params.expect_members
            ? 'Reads the whole document: entries of each list against the rows of the source.'
            : 'Reads the whole file: header, source id, lines of each type against the rows of the source.',
          text: Object.entries(expectedOf(params))
            .map(([type, table]) => `${type} ${unitOf(params)} = rows of ${table}`)
            .join('\n'),
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx, params) {
    const output = fileOf(ctx, params, ctx.attemptId);
    const before = sourceRows(ctx);
    await exportByCommand(ctx, params.command, namesOf(ctx, output));
    const made: Made = {
      path: output,
      digest: await digestOf(output),
      attemptId: ctx.attemptId,
      before,
      after: sourceRows(ctx),
    };
    await ctx.state.set('made', made);
  },
  async check(ctx, params) {
    const tables = expectedOf(params);
    const made = await madeExport<Made>(ctx);
    const digest = await digestOf(made.path);
    const read = params.expect_members
      ? readDocumentExport(made.path, params.keep_members)
      : await readLinesExport(made.path);
    const rows = Object.entries(tables).map(([type, table]) => ({
      type,
      table,
      lines: read.counts[type] ?? 0,
      ...bounds(made, table),
    }));
    const holds = rows.every((row) => BigInt(row.lines) >= row.least && BigInt(row.lines) <= row.most);
    const unknown = Object.keys(read.counts).filter((type) => !(type in tables));
    const bytes = statSync(made.path).size;
    await ctx.saveSnapshot({
      id: `${made.attemptId}-${ctx.step.id}`,
      kind: 'export',
      path: made.path,
      digest,
      bytes: BigInt(bytes),
      manifest: {
        counts: read.counts,
        header: read.header,
        kept: read.kept,
        rows: String(rows.reduce((sum, row) => sum + row.lines, 0)),
      },
      verified: holds && digest === made.digest,
    });
    ctx.setFact('path', made.path);
    ctx.setFact('digest', digest);
    return {
      checkpoints: [
        checkpoint('file', 'The export is whole and unchanged', digest === made.digest && read.broken === 0, {
          summary: params.expect_members
            ? `${formatBytes(bytes)}${read.broken ? ', no JSON document' : ''}${Object.entries(read.kept)
                .map(([name, value]) => `; ${name} ${JSON.stringify(value)}`)
                .join('')}`
            : `${formatBytes(bytes)}, ${read.broken} lines that are no JSON`,
          ...(params.expect_members && { raw: read.kept }),
          digests: [{ of: path.basename(made.path), sha256: digest }],
        }),
        ...(params.expect_members ? [] : [headerCheckpoint(ctx, read)]),
        checkpoint(
          'rows',
          `Every row of the source has its ${params.expect_members ? 'entry' : 'line'}`,
          holds && unknown.length === 0,
          {
            summary:
              rows.map((row) => `${row.type}: ${formatCount(row.lines)} ${unitOf(params)}`).join(', ') +
              (unknown.length ? `; not expected: ${unknown.join(', ')}` : ''),
            table: {
              columns: ['In the file', 'How many', 'Rows before', 'Rows after'],
              numeric: [1, 2, 3],
              rows: rows.map((row) => [
                row.type,
                String(row.lines),
                made.before[row.table] ?? '0',
                made.after[row.table] ?? '0',
              ]),
            },
          },
        ),
      ],
    };
  },
} satisfies Pick<MachineStep<CommandParams>, 'plan' | 'run' | 'check'>;

/** The first line says whose export it is. */
const headerCheckpoint = (ctx: StepContext, { header }: ExportRead): CheckpointResult =>
  checkpoint(
    'header',
    'The export names this profile',
    header?.source_id === ctx.profile.source_id && typeof header?.type === 'string',
    {
      summary: header ? `type ${header.type}, version ${header.version}, source ${header.source_id}` : 'no header line',
      raw: header,
    },
  );

const sourceRows = (ctx: StepContext): Record<string, string> =>
  Object.fromEntries(countSource(liveSource(ctx), scopeOf(ctx)).map((row) => [row.table, row.scoped ?? row.rows]));

/** The service keeps writing while it exports, so the right count lies between the rows before and after. */
function bounds(made: Made, table: string): { least: bigint; most: bigint } {
  const [a, b] = [BigInt(made.before[table] ?? '0'), BigInt(made.after[table] ?? '0')];
  return a < b ? { least: a, most: b } : { least: b, most: a };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest('hex');
}
