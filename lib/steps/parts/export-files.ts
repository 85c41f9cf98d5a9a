import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  exportFiles,
  findDamage,
  type NamedSource,
  readManifest,
  redoBatch,
  snapshotSqlite,
  stageFiles,
} from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { formatCount } from '@/lib/shared/format';
import type { PlanLine } from '@/lib/shared/evidence';
import type { MachineStep, StepContext } from '@/lib/steps/step';
import { prove } from './checkpoint';
import { batchTotal, behindCheckpoint, filesCheckpoint, rowTotal } from './export-checkpoints';
import { scopeOf, sourceFrom, sourceNamed } from './places';
import { valuesProof } from './values-proof';
import { sourceFile, stayingFiles } from '@/lib/fleet/source-files';

export const filesParams = z.strictObject({
  to: z.literal('files'),
  /** Id of the snapshot-source step whose verified copy is read. */
  from: z.string(),
  /** Name of that source in the manifest. (Default: its file name) */
  name: z.string().optional(),
  /** Further SQLite files of the system, in the folder of the profile's source or beneath it; copied when the step begins. */
  also: z
    .array(
      z.strictObject({
        file: z.string(),
        name: z.string().optional(),
        /** Put before its table names. */
        prefix: z.string().default(''),
      }),
    )
    .default([]),
  /** `table` or `source:table` → why it stays behind. */
  leave_out: z.record(z.string(), z.string()).default({}),
  /** Stores that are no part of it on purpose → why. */
  excluded: z.record(z.string(), z.string()).default({}),
  batch_rows: z.number().int().min(1).max(100_000).default(10_000),
});
type Params = z.infer<typeof filesParams>;
type Copy = { name: string; path: string; sha256: string; prefix: string };
/** What one export reads and seals with; kept over attempts until it is finished, so that a killed one goes on. */
type Begun = { attemptId: string; from: string; copies: Copy[]; folder: string; key: string; digest: string | null };

const pathOf = (ctx: StepContext, file: string): string =>
  path.resolve(path.dirname(sourceFile(ctx.profile.source)), file);
/** Of a source of several files the profile's own name, since one copy holds them all. */
const nameOf = ({ profile: { source, source_id } }: StepContext): string =>
  source.kind === 'sqlite-files' ? source_id : path.basename(sourceFile(source));
/** Files of the profile that stay on purpose, with why. */
const stayingOf = ({ profile: { source }, runbook }: StepContext): Record<string, string> =>
  source.kind === 'sqlite-files'
    ? Object.fromEntries(Object.entries(stayingFiles(source, runbook.surfaces)).map(([name, { why }]) => [name, why]))
    : {};
/** One folder an attempt, kept and removed as one: the files, the rows read back from them, copies of further sources. */
const homeOf = (ctx: StepContext, attempt: string): string => path.join(ctx.snapshotDir, `${ctx.step.id}-${attempt}`);
const stagedOf = (folder: string): string => path.join(path.dirname(folder), 'rows.sqlite');

export const filesExport = {
  async plan(ctx, params) {
    const reads = [sourceNamed(ctx, params.from), ...params.also.map(({ file }) => pathOf(ctx, file))];
    const listed = (record: Record<string, string>) =>
      Object.entries(record)
        .map(([name, reason]) => `${name}: ${reason}`)
        .join('\n');
    const lines: PlanLine[] = [
      {
        type: 'file',
        on: 'source',
        effect: 'read',
        does: 'Reads every table, column and object; what is neither exported nor listed as left out stops the step.',
        text: reads.join('\n'),
        undo: 'nothing to undo',
      },
      {
        type: 'file',
        on: 'console',
        effect: 'write',
        does: `Writes batches of ${formatCount(params.batch_rows)} rows, each under its name only when it is whole and synced, and a sealed manifest.`,
        text: path.join(homeOf(ctx, '<attempt>'), 'files', 'manifest.json'),
        undo: 'the files are removed with their retention',
      },
      {
        type: 'file',
        on: 'console',
        effect: 'write',
        does: 'Where a finished export of the same copy has damaged batches, writes those again and nothing else.',
        undo: 'nothing to undo',
      },
      {
        type: 'check',
        on: 'console',
        effect: 'read',
        does: 'Reads every file back into tables of the same definition: each batch must give its own digest again.',
        undo: 'nothing to undo',
      },
    ];
    const behind = listed({ ...params.leave_out, ...stayingOf(ctx), ...params.excluded });
    if (behind)
      lines.push({
        type: 'check',
        on: 'console',
        effect: 'read',
        does: 'Leaves behind on purpose.',
        text: behind,
        undo: 'nothing to undo',
      });
    return { lines };
  },
  async run(ctx, params) {
    if (await mendDamage(ctx, params)) return;
    const begun = await beginExport(ctx, params);
    if (begun.digest !== null) return ctx.log('info', `The export of this attempt is there already: ${begun.folder}`);
    const made = await exportFiles({
      sources: begun.copies.map((copy) => namedSource(ctx, copy)),
      scope: scopeOf(ctx),
      output: begun.folder,
      key: Buffer.from(begun.key, 'hex'),
      leaveOut: params.leave_out,
      excluded: { ...stayingOf(ctx), ...params.excluded },
      batchRows: params.batch_rows,
      signal: ctx.signal,
      progress: ctx.progress,
      log: (level, text) => ctx.log(level, text),
      failpoint: ctx.failpoint,
    });
    await ctx.state.set('begun', { ...begun, digest: made.manifest.seal.digest });
    ctx.log(
      'info',
      `${formatCount(made.rows)} rows in ${made.writtenBatches} new batches; ${made.keptBatches} were there.`,
    );
  },
  async check(ctx) {
    const begun = await ctx.state.get<Begun>('begun');
    if (!begun?.digest || !existsSync(begun.folder))
      throw new CutoverError({
        code: 'snapshot_missing',
        message: `The export${begun ? ` ${begun.folder}` : ''} is not there.`,
        advice: 'Run the step again.',
        retry: 'now',
      });
    const binding = { digest: begun.digest };
    const to = stagedOf(begun.folder);
    const { manifest } = await stageFiles({
      folder: begun.folder,
      binding,
      to,
      signal: ctx.signal,
      progress: ctx.progress,
    });
    const bytes = batchTotal(manifest, ({ bytes }) => bytes);
    await ctx.saveSnapshot({
      id: `${begun.attemptId}-${ctx.step.id}`,
      kind: 'export',
      path: path.dirname(begun.folder),
      digest: begun.digest,
      bytes: BigInt(bytes),
      manifest: { rows: String(rowTotal(manifest)), tables: manifest.tables.length, excluded: manifest.excluded },
      verified: true,
    });
    for (const [name, value] of Object.entries({
      folder: begun.folder,
      path: to,
      digest: begun.digest,
      takenAt: manifest.generated_at,
    }))
      ctx.setFact(name, value);
    const own = manifest.sources[0]?.name;
    const further = new Set(manifest.tables.filter(({ source }) => source !== own).map(({ name }) => name));
    const values = further.size
      ? [
          await prove('values', 'Every value of the further files fits, or a person has chosen its rule', () =>
            valuesProof(ctx, {
              location: { path: to, allowedRoots: [path.dirname(to)] },
              without: 'ask',
              only: (table) => further.has(table),
            }),
          ),
        ]
      : [];
    return { checkpoints: [filesCheckpoint(manifest, bytes), behindCheckpoint(manifest), ...values] };
  },
} satisfies Pick<MachineStep<Params>, 'plan' | 'run' | 'check'>;

/** Writes damaged batches of a finished export again, alone, from the copies it was made from. False: there is nothing to mend. */
async function mendDamage(ctx: StepContext, params: Params): Promise<boolean> {
  const begun = await ctx.state.get<Begun>('begun');
  const same = begun?.digest && begun.from === sourceFrom(ctx, params.from).digest && existsSync(begun.folder);
  if (!same || !begun.copies.every((copy) => existsSync(copy.path))) return false;
  const key = Buffer.from(begun.key, 'hex');
  const damages = await findDamage(begun.folder, readManifest(begun.folder, { key }), ctx.signal);
  for (const { file, problem } of damages) {
    const sources = begun.copies.map((copy) => namedSource(ctx, copy));
    await redoBatch({ sources, scope: scopeOf(ctx), output: begun.folder, key, signal: ctx.signal, file });
    ctx.log('note', `${problem} It was written again from the copy; its digest is the recorded one.`);
  }
  return damages.length > 0;
}

/** Goes on with an export that was not finished, as long as the copy it reads is the same; else begins a new one. */
async function beginExport(ctx: StepContext, params: Params): Promise<Begun> {
  const { location, digest } = sourceFrom(ctx, params.from);
  const earlier = await ctx.state.get<Begun>('begun');
  const same = earlier?.from === digest && earlier.copies.every((copy) => existsSync(copy.path));
  if (earlier && same && (earlier.digest === null || earlier.attemptId === ctx.attemptId)) return earlier;
  const home = homeOf(ctx, ctx.attemptId);
  const own = params.name ?? nameOf(ctx);
  const copies: Copy[] = [{ name: own, path: location.path, sha256: digest ?? '', prefix: '' }];
  for (const { file, name, prefix } of params.also) {
    const to = path.join(home, `source-${copies.length}.sqlite`);
    const source = { path: pathOf(ctx, file), allowedRoots: ctx.allowedRoots };
    const { sha256 } = await snapshotSqlite({ source, to, signal: ctx.signal, failpoint: ctx.failpoint });
    copies.push({ name: name ?? path.basename(file), path: to, sha256, prefix });
  }
  const begun = {
    attemptId: ctx.attemptId,
    from: digest ?? '',
    copies,
    folder: path.join(home, 'files'),
    key: randomBytes(32).toString('hex'),
    digest: null,
  };
  await ctx.state.set('begun', begun);
  return begun;
}

const namedSource = (ctx: StepContext, { name, path: file, sha256, prefix }: Copy): NamedSource => ({
  name,
  location: { path: file, allowedRoots: [...ctx.allowedRoots, ctx.snapshotDir] },
  sha256,
  prefix,
});

/** Puts the rows of an earlier export's files in place again, each file read and proven anew. Nothing for other steps. */
export async function restageFiles(ctx: StepContext, from: string): Promise<void> {
  const folder = ctx.factOrNull<string>(from, 'folder');
  if (folder === null) return;
  const binding = { digest: ctx.fact<string>(from, 'digest') };
  await stageFiles({ folder, binding, to: ctx.fact<string>(from, 'path'), signal: ctx.signal });
  ctx.log('info', `Every file of ${path.basename(folder)} is as it was exported.`);
}
