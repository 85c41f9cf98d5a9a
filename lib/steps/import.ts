import { z } from 'zod';
import {
  checkImport,
  clearImport,
  countSource,
  importRows,
  importStatements,
  planTables,
  readSource,
  sharedWithoutRows,
  type ImportCheck,
  withTarget,
} from '@/lib/dataplane';
import { formatCount, formatDuration } from '@/lib/shared/format';
import type { PlanLine } from '@/lib/shared/evidence';
import { fencingToken } from './parts/fencing-token';
import { checkpoint } from './parts/checkpoint';
import { expectedTarget } from './parts/designed';
import { restageFiles } from './parts/export-files';
import { dsnOf, liveSourceInTurns, placeOf, scopeOf, sourceFrom, sourceNamed, stepsOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({
  /** Id of the step whose verified rows are read: a snapshot-source, or an export to files. */
  from: z.string(),
  batch_rows: z.number().int().min(1).max(50_000).default(20_000),
});
type Params = z.infer<typeof params>;

/** What a plan reads: the live file, or, where files are imported, the rows of all their sources. */
const readable = async (ctx: StepContext, from: string) =>
  ctx.factOrNull<string>(from, 'folder') === null ? liveSourceInTurns(ctx) : sourceFrom(ctx, from).location;

/** What bootstrap designed from the source: the import builds nothing else. */
function plannedDesign(ctx: StepContext): string | null {
  const bootstrap = stepsOf(ctx).find(({ kind }) => kind === 'bootstrap');
  return bootstrap ? ctx.factOrNull<string>(bootstrap.id, 'design') : null;
}

const inputOf = (ctx: StepContext, from: string) => {
  const source = sourceFrom(ctx, from);
  return {
    source: source.location,
    scope: scopeOf(ctx),
    place: placeOf(ctx),
    rules: ctx.rules(),
    cutoverId: ctx.cutoverId,
    sourceDigest: source.digest ?? '',
    signal: ctx.signal,
    progress: ctx.progress,
    log: (level: Parameters<StepContext['log']>[0], text: string) => ctx.log(level, text),
  };
};

const catalogCheckpoint = ({ differences, built, notCarried }: NonNullable<ImportCheck['catalog']>) =>
  checkpoint('catalog', 'The catalog of the target is what was designed', differences.length === 0, {
    summary: differences.length
      ? differences.slice(0, 5).join('; ')
      : `${formatCount(built)} keys, checks, defaults and indexes built${notCarried.length ? `; ${notCarried.length} not carried` : ''}`,
    table: {
      columns: ['Difference, or not carried'],
      rows: [...differences, ...notCarried].slice(0, 200).map((text) => [text]),
    },
  });

export const step = {
  kind: 'import',
  title: 'Import the rows',
  why: 'Copies every row of the profile; rows and ledger commit together.',
  params,
  async plan(ctx, { from, batch_rows: batchRows }) {
    const planned = await readable(ctx, from);
    return withTarget(
      dsnOf(ctx),
      async (client) => {
        const { target, place, after } = await expectedTarget(ctx, client, ctx.rules());
        const plan = planTables(readSource(planned, scopeOf(ctx)), target, scopeOf(ctx), place, ctx.rules());
        const statements = importStatements(client, plan, target);
        const pace = ctx.profile.max_rows_per_second
          ? `, at most ${ctx.profile.max_rows_per_second} rows a second`
          : '';
        const sql = (does: string, text: string, undo: string, estimate?: string): PlanLine => ({
          type: 'sql',
          on: 'target',
          effect: 'write',
          does,
          text,
          undo,
          ...(estimate ? { estimate } : {}),
        });
        const rows = new Map(
          countSource(planned, scopeOf(ctx)).map((one) => [
            one.table,
            `${formatCount(one.scoped ?? one.rows)} rows now`,
          ]),
        );
        return {
          lines: [
            {
              type: 'file',
              on: 'source',
              effect: 'read',
              does: 'Reads the verified copy, not the live file.',
              text: sourceNamed(ctx, from),
              undo: 'nothing to undo',
            },
            ...statements.ledger.map((text) =>
              sql('Keeps the ledger of committed batches.', text, 'removed by Abandon'),
            ),
            ...statements.alter.map((text) =>
              sql('Changes a column as the chosen rule says.', text, 'the schema goes with Abandon'),
            ),
            ...statements.copy.map((copy) =>
              sql(
                `Copies ${copy.table} in batches of ${batchRows} rows, each with its ledger row in one transaction${pace}.`,
                copy.sql,
                'rows of the ledger are removed by Abandon, until the switch',
                rows.get(copy.table),
              ),
            ),
            ...after.map((one) =>
              sql(`Builds the ${one.kind} ${one.name} of ${one.table}.`, one.sql, 'the schema goes with Abandon'),
            ),
            {
              type: 'check',
              on: 'target',
              effect: 'read',
              does: 'Counts source, ledger and target of every table again.',
              undo: 'nothing to undo',
            },
          ],
        };
      },
      { signal: ctx.signal },
    );
  },
  async run(ctx, { from, batch_rows: batchRows }) {
    await restageFiles(ctx, from);
    if ((await ctx.state.get<string[]>('sharedMade')) === null)
      await ctx.state.set('sharedMade', await sharedWithoutRows(placeOf(ctx), ctx.signal));
    const report = await importRows({
      ...inputOf(ctx, from),
      epoch: await fencingToken(ctx),
      batchRows,
      designDigest: plannedDesign(ctx),
      failpoint: ctx.failpoint,
      ...(ctx.profile.max_rows_per_second ? { maxRowsPerSecond: ctx.profile.max_rows_per_second } : {}),
    });
    // What was there, and what this attempt wrote, less what the ledger holds now: rows that were written twice.
    const repeated = BigInt(report.keptRows) + BigInt(report.writtenRows) - BigInt(report.rows);
    await ctx.state.set('resumed', { attemptId: ctx.attemptId, kept: report.keptRows, repeated: repeated.toString() });
    if (report.resumedBatches)
      ctx.log('note', `${report.resumedBatches} batches were committed before and not repeated.`);
    ctx.log(
      'info',
      `${formatCount(report.rows)} rows in ${report.batches} batches, ${formatDuration(report.durationMs)}`,
    );
  },
  async check(ctx, { from }) {
    const found = await checkImport(inputOf(ctx, from));
    const rows = found.tables.reduce((sum, table) => sum + BigInt(table.targetRows), 0n);
    const uneven = found.tables.filter((table) => !table.passed);
    ctx.setFact('rows', Object.fromEntries(found.tables.map((table) => [table.table, table.targetRows])));
    const resumed = await ctx.state.get<{ attemptId: string; kept: string; repeated: string }>('resumed');
    if (resumed?.attemptId === ctx.attemptId)
      ctx.setFact('resumed', { kept: resumed.kept, repeated: resumed.repeated });
    ctx.setFact('ledgerDigest', found.ledgerDigest);
    ctx.setFact('leftOut', found.leftOut);
    return {
      checkpoints: [
        checkpoint('batches', 'Every row is in the target and in the ledger', uneven.length === 0, {
          summary: uneven.length
            ? `${uneven.map((table) => `${table.table}: source ${table.sourceRows}, ledger ${table.ledgerRows}, target ${table.targetRows}`).join('; ')}`
            : `${formatCount(rows)} rows in ${found.tables.length} tables${found.leftOut.length ? `; left out: ${found.leftOut.join(', ')}` : ''}`,
          digests: [{ of: 'ledger', sha256: found.ledgerDigest }],
          table: {
            columns: ['Table', 'Source', 'Ledger', 'Target', 'Batches'],
            numeric: [1, 2, 3, 4],
            rows: found.tables.map((table) => [
              table.table,
              table.sourceRows,
              table.ledgerRows,
              table.targetRows,
              String(table.batches),
            ]),
          },
        }),
        checkpoint('findings', 'Every value that does not fit has a chosen rule', found.openFindings.length === 0, {
          summary: found.openFindings.length ? `Open: ${found.openFindings.join(', ')}` : 'no open finding',
        }),
        ...(found.catalog ? [catalogCheckpoint(found.catalog)] : []),
        checkpoint(
          'sequences',
          'Every sequence is beyond the largest key',
          found.sequences.every((one) => one.passed),
          {
            summary: found.sequences.length ? `${found.sequences.length} sequences set` : 'the target has no sequences',
            probes: found.sequences.map((one) => ({
              what: `${one.table}.${one.column}`,
              expected: `more than ${one.max}`,
              got: one.next,
              passed: one.passed,
            })),
          },
        ),
      ],
    };
  },
  async undo(ctx) {
    const place = placeOf(ctx);
    const sharedMade = (await ctx.state.get<string[]>('sharedMade')) ?? [];
    const cleared = await clearImport({
      place,
      cutoverId: ctx.cutoverId,
      epoch: await fencingToken(ctx),
      sharedMade,
      failpoint: ctx.failpoint,
      signal: ctx.signal,
    });
    for (const table of cleared.tables) ctx.log('info', `${table.table}: ${table.deleted} rows removed`);
    for (const { schema, table } of place.sharedTables)
      if (cleared.tables.length > 0 && !sharedMade.includes(`${schema}.${table}`))
        ctx.log(
          'note',
          `${schema}.${table}: the row stood there before and stays; the target snapshot has it as it was`,
        );
    await ctx.state.set('sharedMade', null);
  },
} satisfies MachineStep<Params>;
