import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { countSource } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { runArgv } from '@/lib/services/restart';
import { commandArgv, commandCwd, commandEnv } from '@/lib/services/service-command';
import { formatBytes, formatCount } from '@/lib/shared/format';
import type { MachineStep, StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { firstService, liveSource, scopeOf, secretOf } from './places';

export const commandParams = z.strictObject({
  to: z.literal('command').default('command'),
  /** Name of a command of the service's cli. */
  command: z.string(),
  /** Line type of the file → source table whose rows it must hold. */
  expect_tables: z.record(z.string(), z.string()),
});
type CommandParams = z.infer<typeof commandParams>;
type Made = {
  path: string;
  digest: string;
  attemptId: string;
  before: Record<string, string>;
  after: Record<string, string>;
};

const fileOf = (ctx: StepContext, attempt: string): string =>
  path.join(ctx.snapshotDir, `${ctx.step.id}-${attempt}.jsonl`);
const namesOf = (ctx: StepContext, output: string) => ({
  source_id: ctx.profile.source_id,
  schema: ctx.profile.target.schema,
  output,
});

/** The system's own export: a file in its own exchange format, read line by line afterwards. */
export const commandExport = {
  async plan(ctx, { command, expect_tables: tables }) {
    const service = firstService(ctx);
    return {
      lines: [
        {
          type: 'command',
          on: 'service',
          effect: 'write',
          does: `Runs ${command} of the system; it reads the source and writes one file.`,
          text: commandArgv(service, command, namesOf(ctx, fileOf(ctx, '<attempt>'))).join(' '),
          undo: 'the file is removed with its retention',
        },
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: 'Reads the whole file: header, source id, lines of each type against the rows of the source.',
          text: Object.entries(tables)
            .map(([type, table]) => `${type} lines = rows of ${table}`)
            .join('\n'),
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx, { command }) {
    const service = firstService(ctx);
    const output = fileOf(ctx, ctx.attemptId);
    const before = sourceRows(ctx);
    const argv = commandArgv(service, command, namesOf(ctx, output));
    const ended = await runArgv(argv, {
      cwd: commandCwd(service),
      env: commandEnv(service, command, secretOf(ctx)),
      seconds: ctx.step.limit_seconds,
      signal: ctx.signal,
      onLine: (line, stream) => ctx.log(stream === 'err' ? 'warn' : 'info', line),
    });
    if (ended.code !== 0) {
      throw new CutoverError({
        code: 'tool_failed',
        message: `${command} ended with ${ended.code}: ${ended.output.trim().slice(-400) || 'no output'}.`,
        advice: 'Read the log of the attempt, mend the cause and retry.',
        retry: 'later',
      });
    }
    const made: Made = {
      path: output,
      digest: await digestOf(output),
      attemptId: ctx.attemptId,
      before,
      after: sourceRows(ctx),
    };
    await ctx.state.set('made', made);
  },
  async check(ctx, { expect_tables: tables }) {
    const made = await ctx.state.get<Made>('made');
    if (!made || !existsSync(made.path)) {
      throw new CutoverError({
        code: 'snapshot_missing',
        message: `The export${made ? ` ${made.path}` : ''} is not there.`,
        advice: 'Run the step again.',
        retry: 'now',
      });
    }
    const digest = await digestOf(made.path);
    const read = await readExport(made.path);
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
        rows: String(rows.reduce((sum, row) => sum + row.lines, 0)),
      },
      verified: holds && digest === made.digest,
    });
    ctx.setFact('path', made.path);
    ctx.setFact('digest', digest);
    return {
      checkpoints: [
        checkpoint('file', 'The export is whole and unchanged', digest === made.digest && read.broken === 0, {
          summary: `${formatBytes(bytes)}, ${read.broken} lines that are no JSON`,
          digests: [{ of: path.basename(made.path), sha256: digest }],
        }),
        checkpoint(
          'header',
          'The export names this profile',
          read.header?.source_id === ctx.profile.source_id && typeof read.header?.type === 'string',
          {
            summary: read.header
              ? `type ${read.header.type}, version ${read.header.version}, source ${read.header.source_id}`
              : 'no header line',
            raw: read.header,
          },
        ),
        checkpoint('rows', 'Every row of the source has its line', holds && unknown.length === 0, {
          summary:
            rows.map((row) => `${row.type}: ${formatCount(row.lines)} lines`).join(', ') +
            (unknown.length ? `; not expected: ${unknown.join(', ')}` : ''),
          table: {
            columns: ['Line type', 'Lines', 'Rows before', 'Rows after'],
            numeric: [1, 2, 3],
            rows: rows.map((row) => [
              row.type,
              String(row.lines),
              made.before[row.table] ?? '0',
              made.after[row.table] ?? '0',
            ]),
          },
        }),
      ],
    };
  },
} satisfies Pick<MachineStep<CommandParams>, 'plan' | 'run' | 'check'>;

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

type Header = { type?: string; version?: number; source_id?: string };
async function readExport(
  file: string,
): Promise<{ header: Header | null; counts: Record<string, number>; broken: number }> {
  const raw = createReadStream(file);
  const lines = createInterface({
    input: file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw,
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  const counts: Record<string, number> = {};
  let header: Header | null = null;
  let broken = 0;
  for await (const line of lines) {
    try {
      const value = JSON.parse(line) as Header;
      if (header === null) header = { type: value.type, version: value.version, source_id: value.source_id };
      else counts[String(value.type)] = (counts[String(value.type)] ?? 0) + 1;
    } catch {
      broken += 1;
    }
  }
  return { header, counts, broken };
}
