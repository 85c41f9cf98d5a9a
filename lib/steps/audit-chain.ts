import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { CutoverError } from '@/lib/errors';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import { checkAllowedFile } from '@/lib/sources/sqlite-file';
import { type ChainFormat, chainFormat } from './parts/chain-record';
import { checkpoint } from './parts/checkpoint';
import { type CompanionCopied, companionOf } from './parts/companions';
import { stepsOf } from './parts/places';
import { type ChainReading, firstDifferingLine, readChain } from './parts/read-chain';
import type { MachineStep, StepContext } from './step';

const params = z
  .strictObject({
    /** Name of a companion file of the source. */
    file: z.string(),
    /** live, or the id of the snapshot-source step whose copy is read. */
    from: z.string().default('live'),
    /** How a record is hashed; without it as in the step that this one continues. */
    format: chainFormat.optional(),
    /** Id of an earlier step of this kind: the file must begin with the very bytes that it verified. */
    continues: z.string().optional(),
  })
  .refine(({ format, continues }) => format || continues, 'format or continues is needed');
type Params = z.infer<typeof params>;

/** A writer may be in the middle of an append: a torn last line is read again before it counts. */
const tornTries = 3;
const tornWaitMs = 100;

export const step = {
  kind: 'audit-chain',
  title: 'Verify the audit chain',
  why: 'Every record must follow the one before, and none may have been changed.',
  params,
  async plan(ctx, wanted) {
    const { fields, algorithm, canonical } = formatOf(ctx, wanted);
    return {
      lines: [
        {
          type: 'file',
          on: 'source',
          effect: 'read',
          does: `Reads every record; recomputes its ${algorithm} over ${fields.join(', ')} (${canonical}), and follows sequence and previous hash.`,
          text:
            wanted.from === 'live'
              ? companionOf(ctx, wanted.file).path
              : `${wanted.file} in the copy of step ${wanted.from}`,
          undo: 'nothing to undo',
        },
        ...(wanted.continues
          ? [
              {
                type: 'check' as const,
                on: 'source',
                effect: 'read' as const,
                does: `The file begins with the very bytes that ${wanted.continues} verified.`,
                undo: 'nothing to undo',
              },
            ]
          : []),
      ],
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; reading the chain is the check.');
  },
  async check(ctx, wanted) {
    const file = fileOf(ctx, wanted);
    const before = wanted.continues ? ctx.fact<Verified>(wanted.continues, 'verified') : null;
    const reading = await readWhole(file, formatOf(ctx, wanted), ctx.signal, before?.bytes ?? 0);
    await ctx.saveFindings(findingsOf(ctx.step.id, wanted.file, reading));
    for (const { line, message } of reading.faults) ctx.log('warn', `line ${line}: ${message}`);
    const { records, bytes, sha256, lastHash } = reading;
    const verified: Verified = { records, bytes, sha256, lastHash };
    ctx.setFact('verified', verified);
    ctx.setFact(`fingerprint.${ctx.step.id}`, `${records} records, ${lastHash ?? 'none'}`);
    const checkpoints = [chainCheckpoint(file, reading)];
    if (before && wanted.continues) checkpoints.push(await continuedCheckpoint(ctx, wanted, file, before, reading));
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

/** What a later step of this kind continues from. */
type Verified = { records: number; bytes: number; sha256: string; lastHash: string | null };

/** @throws CutoverError runbook_invalid */
function formatOf(ctx: StepContext, { format, continues }: Params): ChainFormat {
  if (format) return format;
  const declared = stepsOf(ctx).find(({ id, kind }) => id === continues && kind === 'audit-chain')?.params.format;
  const parsed = chainFormat.safeParse(declared);
  if (parsed.success) return parsed.data;
  throw new CutoverError({
    code: 'runbook_invalid',
    message: `Step ${ctx.step.id} continues ${continues}, which is no audit-chain step with a format.`,
    advice: 'Name the step that declares the format, or declare it here.',
  });
}

/** @throws CutoverError source_missing | source_forbidden | snapshot_missing */
function fileOf(ctx: StepContext, { file, from }: Params): string {
  if (from === 'live') {
    const live = companionOf(ctx, file);
    checkAllowedFile(live);
    return live.path;
  }
  const copy = copiesOf(ctx, from).find(({ name }) => name === file);
  if (copy && existsSync(copy.path)) return copy.path;
  throw new CutoverError({
    code: 'snapshot_missing',
    message: `Step ${from} has no copy of ${file}.`,
    advice: `Name ${file} under with_files of ${from}, and run it again.`,
  });
}

const copiesOf = (ctx: StepContext, stepId: string): CompanionCopied[] =>
  ctx.factOrNull<CompanionCopied[]>(stepId, 'companions') ?? [];

async function readWhole(
  file: string,
  format: ChainFormat,
  signal: AbortSignal,
  prefix: number,
): Promise<ChainReading> {
  for (let tries = 1; ; tries += 1) {
    const reading = await readChain(file, format, signal, prefix);
    if (tries === tornTries || !reading.faults.some(({ code }) => code === 'chain_torn')) return reading;
    await wait(tornWaitMs, undefined, { signal });
  }
}

/** A finding's key is one in the whole cutover, and two steps may read the same file. */
const findingsOf = (stepId: string, name: string, { faults }: ChainReading) =>
  faults.map(({ code, line, message, text }) => ({
    key: `${stepId}.${line}.${code}`,
    code,
    table: name,
    column: null,
    count: 1n,
    message: `Line ${line} of ${name}: ${message}.`,
    sample: [{ key: `line ${line}`, value: text }],
    rules: [],
    blocking: true,
  }));

function chainCheckpoint(file: string, reading: ChainReading): CheckpointResult {
  const { records, bytes, sha256, lastHash, lastSequence, faults, faulty } = reading;
  const [first] = faults;
  return checkpoint(
    'chain',
    'Every record of the audit log follows the one before and is unchanged',
    first ? false : records === 0 ? null : true,
    {
      summary: first
        ? `line ${first.line}: ${first.message}${faulty > 1 ? `; ${formatCount(faulty)} lines in all` : ''} (audit_broken)`
        : records === 0
          ? 'the file holds no record, so nothing is shown'
          : `${formatCount(records)} records, last hash ${lastHash?.slice(0, 16)}…`,
      probes: [
        { what: 'records', got: formatCount(records), text: file },
        { what: 'last sequence', got: String(lastSequence ?? 'not declared') },
        { what: 'last hash', got: lastHash ?? 'none' },
      ],
      digests: [{ of: `${formatCount(bytes)} bytes read`, sha256 }],
      ...(first && {
        table: {
          columns: ['Line', 'What is wrong', 'The line'],
          rows: faults.map((one) => [String(one.line), one.message, one.text]),
          numeric: [0],
        },
      }),
    },
  );
}

async function continuedCheckpoint(
  ctx: StepContext,
  { file: name, continues }: Params,
  file: string,
  before: Verified,
  reading: ChainReading,
): Promise<CheckpointResult> {
  const same = reading.prefixSha256 === before.sha256;
  const line = same ? null : await differingLine(ctx, name, file, before.bytes);
  return checkpoint('continues', `The beginning is byte for byte what ${continues} verified`, same, {
    summary: same
      ? `the first ${formatCount(before.bytes)} bytes (${formatCount(before.records)} records) are the same; ${formatCount(reading.records - before.records)} records since`
      : reading.prefixSha256 === null
        ? `the file has ${formatCount(reading.bytes)} bytes, it had ${formatCount(before.bytes)}: records are gone (audit_broken)`
        : `${line ? `line ${line} is the first that differs` : 'the bytes differ'} from what was verified before (audit_broken)`,
    digests: [
      { of: 'before', sha256: before.sha256 },
      ...(reading.prefixSha256 ? [{ of: 'the same bytes now', sha256: reading.prefixSha256 }] : []),
    ],
  });
}

/** By the copy that a snapshot of this cutover holds; null where there is none or the difference lies behind its end. */
async function differingLine(ctx: StepContext, name: string, file: string, bytes: number): Promise<number | null> {
  for (const { id, kind } of stepsOf(ctx)) {
    if (kind !== 'snapshot-source') continue;
    const copy = copiesOf(ctx, id).find((one) => one.name === name);
    if (copy && existsSync(copy.path)) return firstDifferingLine(copy.path, file, Math.min(bytes, copy.bytes));
  }
  return null;
}
