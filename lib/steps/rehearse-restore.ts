import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { backupProblems, claimRehearsal, countIn, dropRehearsal } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import { digestFile } from '@/lib/sources/sqlite-snapshot';
import { checkpoint, prove } from './parts/checkpoint';
import { fencingToken } from './parts/fencing-token';
import {
  madeWithNow,
  type RehearsalParams,
  type RehearsalRecord,
  rehearsalParams,
  rehearsalPlace,
  resultLines,
  wholeParams,
} from './parts/rehearsal';
import { type Done, rehearsalPlan, rehearseByCommand, rehearseHere } from './parts/rehearsal-run';
import type { MachineStep, StepContext } from './step';

export const step = {
  kind: 'rehearse-restore',
  title: 'Rehearse backup and restore',
  why: 'A backup that was never restored is a hope: the whole way is walked on rows of our own, and every number compared.',
  params: rehearsalParams,
  async plan(ctx, own) {
    return { lines: rehearsalPlan(ctx, wholeParams(ctx, own)) };
  },
  async run(ctx, own) {
    const params = wholeParams(ctx, own);
    const epoch = await fencingToken(ctx);
    await claimRehearsal(rehearsalPlace(ctx, params), epoch, ctx.signal);
    const done = params.command ? await rehearseByCommand(ctx, params) : await rehearseHere(ctx, params, epoch);
    for (const line of resultLines(done.result)) ctx.log('info', line);
    await ctx.state.set('done', done);
  },
  async check(ctx, own) {
    const params = wholeParams(ctx, own);
    const done = await ctx.state.get<Done>('done');
    if (!done)
      throw new CutoverError({
        code: 'snapshot_missing',
        message: 'Nothing was rehearsed.',
        advice: 'Run the step.',
        retry: 'now',
      });
    const place = rehearsalPlace(ctx, params);
    const now = done.problem ? {} : await countIn(place, params.counts, ctx.signal);
    const checkpoints = [
      await cameBack(ctx, params, done),
      await backupCheckpoint(done),
      ...resultCheckpoints(ctx, params, done, now),
      ...(params.equals ? [equalCheckpoint(ctx, params.equals, now)] : []),
    ];
    ctx.setFact('rehearsalSchema', place.schema);
    ctx.setFact('numbers', now);
    const passed = checkpoints.every(({ verdict }) => verdict === 'passed');
    if (params.record)
      ctx.setFact(`record.${params.record}`, {
        ...(await madeWithNow(ctx, params.contract)),
        passed,
        at: new Date().toISOString(),
        schema: place.schema,
        backup_file: done.backupFile,
        result: done.result,
      } satisfies RehearsalRecord);
    return { checkpoints };
  },
  async undo(ctx, own) {
    const place = rehearsalPlace(ctx, wholeParams(ctx, own));
    await dropRehearsal(place);
    ctx.log('info', `Schema ${place.schema} is removed.`);
  },
} satisfies MachineStep<RehearsalParams>;

const backupCheckpoint = ({ backupFile }: Done): Promise<CheckpointResult> =>
  prove('backup-file', 'The backup file was made and is not empty', async () => {
    const bytes = existsSync(backupFile) ? statSync(backupFile).size : null;
    return {
      holds: bytes !== null && bytes > 0,
      summary: bytes === null ? `${backupFile} is not there` : `${backupFile}, ${formatCount(bytes)} bytes`,
      digests: bytes === null ? [] : [{ of: path.basename(backupFile), sha256: await digestFile(backupFile) }],
    };
  });

/** What was printed, and what is there now, against what was seeded: one claim a key. */
function resultCheckpoints(
  ctx: StepContext,
  params: RehearsalParams,
  { result }: Done,
  now: Record<string, string>,
): CheckpointResult[] {
  const says = result.backup_restore_rehearsal;
  return Object.entries(params.expect).map(([key, wanted]) => {
    const printed = result[key] ?? 'not printed';
    const counted = params.counts[key] === undefined ? null : (now[key] ?? 'not found');
    const holds = printed === wanted && (counted === null || counted === wanted);
    const untrue = !holds && says === 'ok' && key !== 'backup_restore_rehearsal';
    if (!holds) ctx.log('warn', `${key}: seeded ${wanted}, came back ${counted ?? printed}`);
    return checkpoint(`result-${key}`, `${key}=${wanted}, as seeded`, holds, {
      summary: `printed ${printed}${counted === null ? '' : `, ${counted} in the restored schema`}${untrue ? '; the rehearsal itself said ok' : ''}`,
      probes: [
        { what: 'printed', text: `${key}=${printed}`, expected: wanted, got: printed, passed: printed === wanted },
        ...(counted === null
          ? []
          : [
              {
                what: 'restored',
                text: params.counts[key],
                expected: wanted,
                got: counted,
                passed: counted === wanted,
              },
            ]),
      ],
      raw: result,
    });
  });
}

const cameBack = (ctx: StepContext, params: RehearsalParams, { dir, problem }: Done): Promise<CheckpointResult> =>
  prove('content', 'The schema was dropped and came back from the backup', async () => {
    const problems = problem
      ? [problem]
      : dir
        ? await backupProblems(rehearsalPlace(ctx, params), dir, ctx.signal)
        : [];
    if (problems.length)
      throw new CutoverError({
        code: 'rehearsal_failed',
        message: `The backup does not bring back what was in it: ${problems.join('; ')}.`,
        advice:
          'Rely on no backup made this way: see which tools PG_BIN_DIR (or the command) uses, mend that, and rehearse again.',
        retry: 'later',
      });
    return {
      holds: true,
      summary: dir
        ? 'every table byte for byte, with its owner and grants'
        : 'the command ended well; its numbers follow',
    };
  });

function equalCheckpoint(ctx: StepContext, earlier: string, now: Record<string, string>): CheckpointResult {
  const before = ctx.fact<Record<string, string>>(earlier, 'numbers');
  const other = Object.keys({ ...before, ...now }).filter((name) => before[name] !== now[name]);
  return checkpoint('repeatable', `It can be repeated: the numbers are those of ${earlier}`, other.length === 0, {
    summary: other.length
      ? other.map((name) => `${name} was ${before[name] ?? 'absent'}, is ${now[name] ?? 'absent'}`).join('; ')
      : `${Object.keys(now).length} numbers, all the same`,
  });
}
