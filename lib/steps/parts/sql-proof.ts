import { trySql, withTarget } from '@/lib/dataplane';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import type { StepContext } from '@/lib/steps/step';
import { prove } from './checkpoint';
import { designOf, isDesigned } from './designed';
import { dsnOf, placeOf, stepsOf } from './places';
import { readSqlParams } from './sql-params';

/** SQL that the runbook applies when the rows are in, tried on the empty tables: a mistake is told before anything is loaded.
 *  Only where the tables are designed here; others may be in use. */
export const sqlProofs = (ctx: StepContext): Promise<CheckpointResult[]> =>
  Promise.all(
    stepsOf(ctx)
      .filter(({ kind }) => kind === 'apply-sql' && isDesigned(ctx))
      .map((step) =>
        prove(`sql-${step.id}`, 'The SQL for the loaded tables runs on empty ones', () => tryOne(ctx, step)),
      ),
  );

async function tryOne(ctx: StepContext, { params }: { params: unknown }) {
  const { text, name } = readSqlParams(params);
  const { plain: _, ...design } = designOf(ctx, ctx.rules());
  const place = { ...placeOf(ctx), renames: design.renames };
  const { statements, problem } = await withTarget(dsnOf(ctx), (client) => trySql(client, place, design, text), {
    signal: ctx.signal,
  });
  const where = problem ? `${name}:${problem.line}: ${problem.message}` : '';
  return {
    holds: !problem?.decisive,
    summary: problem?.decisive
      ? `${where}. Mend the SQL, then try again (sql_refused)`
      : problem
        ? `${where}; on empty tables, so the step that applies it decides`
        : `${formatCount(statements)} statements ran and were rolled back`,
  };
}
