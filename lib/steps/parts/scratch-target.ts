import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseDsn } from '@/lib/dataplane/connect-target';
import { type TargetPlace, targetPlace, withTarget } from '@/lib/dataplane';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { secretPairs } from '@/lib/fleet/secret-names';
import { dropScratchDatabase, hasDatabase, makeScratchDatabase } from '@/lib/services/scratch-database';
import { isListening, removeScratchServer, startScratchServer } from '@/lib/services/scratch-server';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { contractOf } from './contract';
import { adminDsnOf, dsnOf, secretOf } from './places';

export const scratchParams = z.strictObject({
  /** own: a PostgreSQL of its own on a free port; target: a database of its own on the target server. */
  on: z.enum(['own', 'target']).default('own'),
  /** Contract whose tables stand in it before the service starts. (Default: it is empty) */
  contract: z.string().optional(),
  /** Leaves it running to look at; repeating or taking back the step removes it. */
  keep: z.boolean().default(false),
});
export type ScratchParams = z.infer<typeof scratchParams>;

/** A target that holds nothing of the tenant and is gone after the step. */
export type ScratchTarget = {
  place: TargetPlace;
  /** As ctx.secret, but for the names of the profile's DSNs, which lead to the scratch. */
  secret(name: string): string;
  /** Variables of a service that lead to the scratch, also where its env file says otherwise. */
  env(service: ServiceEntry): Record<string, string>;
};
type Left = { on: 'own' | 'target'; name: string; place: string; port: number; keep: boolean };

const nameOf = (ctx: StepContext): string =>
  `cutover_scratch_${createHash('sha256').update(`${ctx.cutoverId}:${ctx.step.id}`).digest('hex').slice(0, 16)}`;
const ownerDsn = (ctx: StepContext): string => adminDsnOf(ctx) ?? dsnOf(ctx);

export function scratchLines(ctx: StepContext, params: ScratchParams): PlanLine[] {
  const where = params.on === 'own' ? 'A PostgreSQL of its own' : 'A database of its own on the target server';
  const lines: PlanLine = {
    type: 'command',
    on: 'scratch',
    effect: 'write',
    does: `${where} stands in for the target. Nothing of ${ctx.profile.source_id} is read or written.`,
    text: params.on === 'own' ? 'initdb and pg_ctl start on 127.0.0.1, a free port' : `create database ${nameOf(ctx)}`,
    undo: params.keep
      ? 'kept, as asked; repeating or taking back the step removes it'
      : 'removed at the end of the step, also after a failure',
  };
  const ddl = params.contract ? contractOf(ctx, params.contract) : null;
  return ddl
    ? [
        lines,
        {
          type: 'sql',
          on: 'scratch',
          effect: 'write',
          does: `Makes the tables of contract ${ddl.name} there.`,
          text: ddl.statements.join(';\n'),
          undo: 'gone with it',
        },
      ]
    : [lines];
}

/** Runs work on a throw-away target. One of an attempt that was killed is removed first; its own always, unless it is kept. */
export async function withScratchTarget<T>(
  ctx: StepContext,
  params: ScratchParams,
  work: (scratch: ScratchTarget) => Promise<T>,
): Promise<T> {
  const name = nameOf(ctx);
  const { keep } = params;
  const endNow = (): void => {
    if (params.on === 'own') removeScratchServer(name);
  };
  // Before it stands: a killed attempt leaves what the next one finds here.
  await remember(ctx, { on: params.on, name, place: 'not made yet', port: 0, keep: false });
  process.once('exit', endNow);
  let isWhole = false;
  try {
    const dsn =
      params.on === 'own'
        ? (await startScratchServer(name)).dsn
        : await makeScratchDatabase(name, ownerDsn(ctx), dsnOf(ctx));
    const { host, port, database } = parseDsn(dsn);
    const where = `${host}:${port}/${database}`;
    await remember(ctx, { on: params.on, name, place: where, port, keep });
    ctx.log('info', `Throw-away PostgreSQL at ${where}`);
    const ddl = params.contract ? contractOf(ctx, params.contract) : null;
    if (ddl) await withTarget(dsn, (client) => client.query(ddl.statements.join(';\n')), { signal: ctx.signal });
    const done = await work(scratchOf(ctx, dsn));
    isWhole = true;
    return done;
  } finally {
    process.removeListener('exit', endNow);
    if (keep && isWhole) ctx.log('note', 'The throw-away PostgreSQL is kept, as asked.');
    else await removeScratch(ctx);
  }
}

function scratchOf(ctx: StepContext, dsn: string): ScratchTarget {
  const names = [ctx.profile.target.dsn_env, ctx.profile.target.admin_dsn_env].filter((one) => one !== undefined);
  const real = secretOf(ctx);
  const secret = (name: string): string => (names.includes(name) ? dsn : real(name));
  return {
    // Not by way of the profile's own DSN: the scratch needs none.
    place: targetPlace(dsn, ctx.profile.source_id, ctx.profile.target),
    secret,
    env: (service) => {
      const listed = [...secretPairs(service.restart.env_secrets), ...secretPairs(service.shadow?.env_secrets)];
      return Object.fromEntries(listed.filter(([, name]) => names.includes(name)).map(([variable]) => [variable, dsn]));
    },
  };
}

const remember = (ctx: StepContext, left: Left): Promise<void> => ctx.state.set('scratch', left);

/** Removes what this step has made, kept or not. Safe to repeat. */
export async function removeScratch(ctx: StepContext): Promise<void> {
  const left = await ctx.state.get<Left>('scratch');
  if (!left) return;
  if (left.on === 'own') removeScratchServer(left.name);
  else await dropScratchDatabase(left.name, ownerDsn(ctx));
  if (left.keep) await remember(ctx, { ...left, keep: false });
  ctx.log('info', 'The throw-away PostgreSQL is removed.');
}

/** Looks whether it is gone; a kept one must still answer. */
export async function scratchCheckpoint(ctx: StepContext): Promise<CheckpointResult> {
  const left = await ctx.state.get<Left>('scratch');
  const there = !left
    ? false
    : left.on === 'own'
      ? await isListening(left.port)
      : await hasDatabase(left.name, ownerDsn(ctx));
  const keep = left?.keep ?? false;
  const got = there ? 'it answers' : 'nothing answers there';
  return checkpoint(
    'scratch',
    keep ? 'The throw-away PostgreSQL is kept, as asked' : 'Nothing of the throw-away PostgreSQL is left',
    there === keep,
    {
      summary: keep
        ? `kept at ${left?.place}; repeating or taking back this step removes it`
        : there
          ? `${left?.place} is still there`
          : `${left?.place ?? 'none'} was removed`,
      probes: [
        {
          what: left?.place ?? 'none',
          expected: keep ? 'it answers' : 'nothing answers there',
          got,
          passed: there === keep,
        },
      ],
    },
  );
}
