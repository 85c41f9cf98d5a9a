import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  findPgTools,
  requireToolsFor,
  snapshotTarget,
  type TargetPlace,
  verifyTargetSnapshot,
  withTarget,
} from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { formatBytes } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import { checkpoint } from './parts/checkpoint';
import { adminDsnOf, dsnOf, placeOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({ label: z.string().optional() });
type Params = z.infer<typeof params>;
type Taken = {
  dir: string;
  digest: string;
  bytes: string;
  absent: boolean;
  attemptId: string;
  takenAt: string;
  manifest: string;
};

const nothingThere = ({ schema, tables }: TargetPlace): string =>
  tables
    ? `none of its tables is in schema ${schema} yet, so there is nothing to dump`
    : `schema ${schema} is not there yet, so there is nothing to dump`;

const dirOf = (ctx: StepContext, attempt: string): string => path.join(ctx.snapshotDir, `${ctx.step.id}-${attempt}`);

export const step = {
  kind: 'snapshot-target',
  title: 'Snapshot the target',
  why: "The profile's schema and registry rows as they are, so that nothing is replaced without a copy.",
  params,
  async plan(ctx) {
    const place = placeOf(ctx);
    const rows = [
      ...(place.registry
        ? [
            `copy (select * from ${place.registry.schema}.${place.registry.table} where ${place.registry.keyColumn} = <source_id>) to stdout`,
          ]
        : []),
      ...place.sharedTables.map(
        (shared) =>
          `copy (select * from ${shared.schema}.${shared.table} where ${shared.keyColumn} = <source_id>) to stdout`,
      ),
    ];
    return {
      lines: [
        {
          type: 'sql',
          on: 'target',
          effect: 'read',
          does: 'Exports one snapshot for dump and rows.',
          text: 'begin isolation level repeatable read read only;\nselect pg_export_snapshot();',
          undo: 'nothing to undo',
        },
        {
          type: 'command',
          on: 'target',
          effect: 'read',
          does: place.tables
            ? `Dumps the profile's tables of ${place.schema} in custom format (or records that none is there); others use the schema too.`
            : `Dumps schema ${place.schema} in custom format (or records that it is absent).`,
          text: `pg_dump -Fc ${place.tables ? place.tables.map((table) => `--table ${place.schema}.${table}`).join(' ') : `--schema ${place.schema}`} --snapshot <exported> --file ${dirOf(ctx, '<attempt>')}/…`,
          undo: 'nothing to undo',
        },
        ...rows.map((text) => ({
          type: 'sql' as const,
          on: 'target',
          effect: 'read' as const,
          does: "Copies this profile's rows of a shared table.",
          text,
          undo: 'nothing to undo',
        })),
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: 'Reads the whole dump and every row file, and compares digests with the manifest.',
          text: 'pg_restore --file /dev/null',
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx) {
    const taken = await ctx.state.get<Taken>('taken');
    if (taken?.attemptId === ctx.attemptId && existsSync(taken.dir)) {
      ctx.log('info', `The snapshot of this attempt is there already: ${taken.dir}`);
      return;
    }
    const tools = await findPgTools(process.env.PG_BIN_DIR);
    const version = await withTarget(
      dsnOf(ctx),
      async (client) => {
        const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
        return Number(rows[0]?.server_version_num ?? 0);
      },
      { readOnly: true, signal: ctx.signal },
    );
    requireToolsFor(tools, version);
    const made = await snapshotTarget({
      place: placeOf(ctx),
      adminDsn: adminDsnOf(ctx),
      dir: dirOf(ctx, ctx.attemptId),
      tools,
      signal: ctx.signal,
      log: (level, text) => ctx.log(level, text),
      failpoint: ctx.failpoint,
    });
    await ctx.state.set('taken', {
      dir: made.dir,
      digest: made.digest,
      bytes: made.bytes,
      absent: made.manifest.absent,
      attemptId: ctx.attemptId,
      takenAt: made.manifest.takenAt,
      manifest: JSON.stringify(made.manifest),
    });
    ctx.log(
      'info',
      made.manifest.absent
        ? `Schema ${made.manifest.schema} is absent; recorded.`
        : `${made.manifest.tables.length} tables, ${made.bytes} bytes in ${made.durationMs} ms`,
    );
  },
  async check(ctx) {
    const taken = await ctx.state.get<Taken>('taken');
    if (!taken || !existsSync(taken.dir)) {
      throw new CutoverError({
        code: 'snapshot_missing',
        message: `The target snapshot${taken ? ` ${taken.dir}` : ''} is not there.`,
        advice: 'Run the step again.',
        retry: 'now',
      });
    }
    const tools = await findPgTools(process.env.PG_BIN_DIR);
    const proof = await verifyTargetSnapshot({ dir: taken.dir, tools, digest: taken.digest, signal: ctx.signal });
    const manifest = JSON.parse(taken.manifest) as {
      tables: { table: string; rows: string; sha256: string }[];
      rows: { table: string; rows: string; sha256: string }[];
    };
    await ctx.saveSnapshot({
      id: `${taken.attemptId}-${ctx.step.id}`,
      kind: 'target',
      path: taken.dir,
      digest: proof.digest,
      bytes: BigInt(proof.bytes),
      manifest: JSON.parse(taken.manifest),
      verified: proof.passed,
    });
    ctx.setFact('dir', taken.dir);
    ctx.setFact('digest', taken.digest);
    ctx.setFact('absent', taken.absent);
    ctx.setFact('takenAt', taken.takenAt);
    ctx.setFact('rows', Object.fromEntries(manifest.tables.map(({ table, rows }) => [table, rows])));
    return {
      checkpoints: [
        checkpoint(
          'readable',
          taken.absent ? "The schema's absence and the registry rows are recorded" : 'The dump can be read to its end',
          proof.passed,
          {
            summary: proof.passed
              ? taken.absent
                ? nothingThere(placeOf(ctx))
                : `${countWords(proof.tables, 'table')}, ${countWords(proof.entries, 'entry', 'entries')}, ${formatBytes(proof.bytes)}, pg_dump ${tools.version}`
              : proof.problems.join('; '),
            digests: [{ of: path.basename(taken.dir), sha256: proof.digest }],
            table: {
              columns: ['Table', 'Rows', 'SHA-256'],
              numeric: [1],
              rows: [...manifest.tables, ...manifest.rows].map((row) => [row.table, row.rows, row.sha256]),
            },
          },
        ),
      ],
    };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
