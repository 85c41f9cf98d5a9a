import { existsSync } from 'node:fs';
import { z } from 'zod';
import { findPgTools, verifyTargetSnapshot, withTarget } from '@/lib/dataplane';
import { readContent } from '@/lib/dataplane/target-content';
import { CutoverError } from '@/lib/errors';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatBytes, formatCount } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import { checkpoint, prove } from './parts/checkpoint';
import { fitsPlace, type KeptCopy, keptCopies } from './parts/kept-copies';
import { placeOf } from './parts/places';
import type { MachineStep, StepContext } from './step';

const params = z.strictObject({
  /** Id of the snapshot-target step that makes them, in whatever runbook. (Default: every verified snapshot of the profile) */
  made_by: z.string().optional(),
});
type Params = z.infer<typeof params>;

const keyOf = (ctx: StepContext): string => `${ctx.step.id}.snapshot_to_choose`;
/** Told apart by the moment of each: two steps of a cutover never end in the same millisecond. */
const nameOf = ({ takenAt, stepId }: KeptCopy): string => `${stepId}@${takenAt}`;

/** Which of the kept snapshots of the target is restored: a person says, and it is proven before anything is touched. */
export const step = {
  kind: 'choose-snapshot',
  title: 'Choose the snapshot to restore',
  why: 'An earlier snapshot is restored because a person named it, not because it is the newest.',
  params,
  // The same before and after the choice: what was chosen is bound to the sign-off as a rule.
  async plan() {
    return {
      lines: [
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: 'Offers every kept snapshot of this profile that earlier cutovers have verified; a person chooses one.',
          undo: 'nothing to undo',
        },
        {
          type: 'command',
          on: 'console',
          effect: 'read',
          does: 'Reads the chosen one to its end and compares its digest with the one it was verified by.',
          text: 'pg_restore --file /dev/null',
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is changed; the choice and its proof are the check.');
  },
  async check(ctx, { made_by: madeBy }) {
    const copies = await keptCopies(ctx, madeBy);
    const offered = copies.filter((copy) => fitsPlace(ctx, copy) && existsSync(copy.path));
    await offer(ctx, offered);
    const rule = ctx.rule(keyOf(ctx));
    const chosen = offered.find((copy) => nameOf(copy) === rule);
    const checkpoints: CheckpointResult[] = [
      await prove('chosen', 'A person has chosen which snapshot is restored', () => choiceOf(offered, chosen)),
    ];
    if (chosen) checkpoints.push(await readable(ctx, chosen), await againstNow(ctx, chosen));
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

const offer = (ctx: StepContext, offered: KeptCopy[]): Promise<void> =>
  ctx.saveFindings(
    offered.length === 0
      ? []
      : [
          {
            key: keyOf(ctx),
            code: 'snapshot_to_choose',
            table: placeOf(ctx).schema,
            column: null,
            count: BigInt(offered.length),
            message: `${countWords(offered.length, 'snapshot')} of ${placeOf(ctx).schema} ${offered.length === 1 ? 'is' : 'are'} kept. Which one is restored? What was written after it is not in it.`,
            sample: offered.map((copy) => ({ key: copy.takenAt, value: rowWords(copy) })),
            rules: offered.map((copy) => ({ name: nameOf(copy), effect: effectOf(copy) })),
            blocking: true,
          },
        ],
  );

const rowWords = ({ tables }: KeptCopy): string =>
  tables.map(({ table, rows }) => `${table} ${formatCount(rows)}`).join(', ') || 'no table';
const effectOf = (copy: KeptCopy): string =>
  `Taken ${copy.takenAt} by ${copy.stepId} of ${copy.runbook}, ${formatBytes(copy.bytes)}: ${rowWords(copy)}.`;

function choiceOf(offered: KeptCopy[], chosen: KeptCopy | undefined) {
  if (chosen) return { holds: true, summary: effectOf(chosen) };
  if (!offered.length)
    throw new CutoverError({
      code: 'snapshot_missing',
      message: 'No snapshot of this profile is kept that an earlier cutover has verified.',
      advice: 'Walk a runbook that backs up the schema first; its backup is offered here afterwards.',
      retry: 'later',
    });
  return {
    holds: false,
    summary: `1 finding waits for a rule (finding_open): ${countWords(offered.length, 'snapshot')} to choose from`,
  };
}

/** Its facts are those of a snapshot-target step, so that a restore may name either. */
async function readable(ctx: StepContext, { path: dir, digest, absent, takenAt, tables, bytes, manifest }: KeptCopy) {
  const tools = await findPgTools(process.env.PG_BIN_DIR);
  const proof = await verifyTargetSnapshot({ dir, tools, digest, signal: ctx.signal });
  // One more use of the same folder: its own retention cannot take it away under this cutover.
  await ctx.saveSnapshot({
    ...{ id: `${ctx.attemptId}-${ctx.step.id}`, kind: 'target', path: dir, digest: proof.digest },
    ...{ bytes, manifest, verified: proof.passed },
  });
  ctx.setFact('dir', dir);
  ctx.setFact('digest', digest);
  ctx.setFact('absent', absent);
  ctx.setFact('takenAt', takenAt);
  ctx.setFact('rows', Object.fromEntries(tables.map(({ table, rows }) => [table, rows])));
  return checkpoint('readable', 'The chosen snapshot can be read to its end and is as it was verified', proof.passed, {
    summary: proof.passed
      ? `${proof.tables} tables, ${proof.entries} entries, ${formatCount(proof.bytes)} bytes`
      : proof.problems.join('; '),
    digests: [
      { of: 'as verified', sha256: digest },
      { of: 'now', sha256: proof.digest },
    ],
  });
}

/** What a reviewer weighs: rows there now against rows that come back. */
async function againstNow(ctx: StepContext, { tables, takenAt }: KeptCopy): Promise<CheckpointResult> {
  const place = placeOf(ctx);
  const now = await withTarget(place.dsn, (client) => readContent(client, place), {
    readOnly: true,
    signal: ctx.signal,
  });
  const names = [...new Set([...tables, ...now.tables].map(({ table }) => table))].sort();
  const rowsIn = (list: { table: string; rows: string }[], name: string): string =>
    list.find(({ table }) => table === name)?.rows ?? 'no table';
  const rows = names.map((name) => [name, rowsIn(tables, name), rowsIn(now.tables, name)]);
  const other = rows.filter(([, then, live]) => then !== live);
  return checkpoint('against-now', 'What comes back has been counted against what is there', true, {
    summary: other.length
      ? `${other.map(([name, then, live]) => `${name} ${then} rows in it, ${live} now`).join('; ')}. Rows written since ${takenAt} go aside with the schema.`
      : 'as many rows in every table as now; their values may differ',
    table: { columns: ['Table', 'In the snapshot', 'Now'], numeric: [1, 2], rows },
  });
}
