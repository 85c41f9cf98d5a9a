import path from 'node:path';
import { z } from 'zod';
import { copyFiles, mergeTaken, proveMerged, readSource, type SqliteFiles, type TakenFile } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { filesOf, scopeOf, sourceFrom } from './places';

export const unchangedParams = z.strictObject({
  check: z.literal('source-unchanged'),
  /** Files of a source that has several; excluded ones too. */
  files: z.array(z.string()).min(1),
  /** Id of the snapshot-source step that copied them. */
  since: z.string(),
});
type Params = z.infer<typeof unchangedParams>;

export const unchangedPlan = (ctx: StepContext, { files, since }: Params): PlanLine[] => [
  {
    type: 'check',
    on: 'source',
    effect: 'read',
    does: `Copies ${files.join(', ')} again and compares every row and cell with the copies of ${since}.`,
    text: Object.values(storeOf(ctx, files).files).join('\n'),
    undo: 'nothing to undo',
  },
];

/** Nobody wrote to these files: same tables, same rows, same cells. */
export async function unchangedProofs(ctx: StepContext, { files, since }: Params): Promise<CheckpointResult[]> {
  const store = storeOf(ctx, files);
  const before = ctx.fact<TakenFile[]>(since, 'parts').filter(({ name }) => files.includes(name));
  const { signal } = ctx;
  const now = await copyFiles(store.files, store.allowedRoots, path.join(ctx.workDir, 'now'), { signal });
  const merged = path.join(ctx.workDir, 'now.sqlite');
  mergeTaken(store, now, merged);
  const tables = proveMerged(merged, before);
  const changed = tables.filter(({ rows, merged: rowsNow, unlike }) => unlike !== '0' || rows !== rowsNow);
  const then = readSource(sourceFrom(ctx, since).location, scopeOf(ctx)).fingerprint;
  const schema = readSource({ path: merged, allowedRoots: [ctx.workDir] }, scopeOf(ctx)).fingerprint;
  return [
    checkpoint('rows', `Every row of ${files.join(', ')} is as it was`, changed.length === 0, {
      summary: changed.length
        ? changed
            .map(
              (one) =>
                `${one.part}.${one.table}: ${one.rows} rows then, ${one.merged} now, ${one.unlike} differ or are gone`,
            )
            .join('; ')
        : `${tables.length} tables, ${tables.reduce((sum, { rows }) => sum + Number(rows), 0)} rows, every cell equal`,
      digests: before.map(({ name, sha256 }) => ({ of: `${name}, then`, sha256 })),
      table: {
        columns: ['File', 'Table', 'Rows then', 'Rows now', 'Differ or gone'],
        numeric: [2, 3, 4],
        rows: tables.map((one) => [one.part, one.table, one.rows, one.merged, one.unlike]),
      },
    }),
    checkpoint('schema', 'Their tables are the same ones', then === schema, {
      summary: then === schema ? 'same definitions' : 'a table, index or trigger was made, changed or dropped',
    }),
  ];
}

function storeOf(ctx: StepContext, files: readonly string[]): SqliteFiles {
  const store = filesOf(ctx, files);
  if (store) return store;
  throw new CutoverError({
    code: 'runbook_invalid',
    message: `Step ${ctx.step.id} names files, and the source of ${ctx.profile.source_id} is not of several files.`,
    advice: 'Take the step out of the runbook, or name the files of the profile in the fleet file.',
  });
}
