import { createHash } from 'node:crypto';
import { countSource } from '@/lib/dataplane';
import { allSteps } from '@/lib/fleet/check-runbook';
import type { Flow } from '@/lib/fleet/flow-schema';
import { CutoverError } from '@/lib/errors';
import { type Names, namesIn } from '@/lib/checks/substitute';
import type { StepContext } from '@/lib/steps/step';
import { liveSource, scopeOf, staysOnTarget, stepsOf } from './places';

/** A flow of the runbook by name. @throws CutoverError runbook_invalid */
export function flowOf(ctx: StepContext, name: string): Flow {
  const flow = Object.hasOwn(ctx.runbook.flows, name) ? ctx.runbook.flows[name] : undefined;
  if (flow) return flow;
  throw new CutoverError({
    code: 'runbook_invalid',
    message: `Step ${ctx.step.id} names flow ${name}, which the runbook does not have.`,
    advice: `Flows of this runbook: ${Object.keys(ctx.runbook.flows).join(', ') || 'none'}.`,
  });
}

/** Text that marks what a flow writes: the same for every attempt of the step, found nowhere else. */
export const markOf = (ctx: StepContext): string =>
  `cutover-${createHash('sha256').update(`${ctx.cutoverId}:${ctx.step.id}`).digest('hex').slice(0, 16)}`;

/** Names that are known before a flow starts and do not move. */
export function fixedNames(ctx: StepContext): Names {
  const mark = markOf(ctx);
  return {
    source_id: ctx.profile.source_id,
    schema: ctx.profile.target.schema,
    'mode.from': ctx.runbook.from,
    'mode.to': ctx.runbook.to,
    mark,
    unknown_source: `no-such-source-${mark.slice(-8)}`,
    ...Object.fromEntries(Array.from({ length: MAX_UUIDS }, (_, n) => [`uuid.${n + 1}`, uuidOf(mark, n + 1)])),
  };
}

const MAX_UUIDS = 9;

/** The same for every attempt of the step, so that a plan stays the same and a repeated write finds its row. */
function uuidOf(mark: string, n: number): string {
  const hex = createHash('sha256').update(`${mark}:${n}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Rows of the source by table, as far as the flow asks: of the copy that was loaded, or of the live file. */
export function rowNames(ctx: StepContext, flow: Flow, from: 'loaded' | 'live'): Names {
  const wanted = namesIn(flow.checks).filter((name) => name.startsWith('rows.') || name.startsWith('last.'));
  if (!wanted.length) return {};
  const loaded = stepsOf(ctx).find((step) => step.kind === 'snapshot-source');
  const counts = staysOnTarget(ctx)
    ? rowsOfBackup(ctx)
    : from === 'loaded' && loaded
      ? ctx.fact<Record<string, string>>(loaded.id, 'rows')
      : Object.fromEntries(
          countSource(liveSource(ctx), scopeOf(ctx)).map((row) => [row.table, row.scoped ?? row.rows]),
        );
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const rows = counts[name.slice(5)];
      if (rows === undefined) return [];
      return [[name, name.startsWith('rows.') ? rows : String(BigInt(rows) > 0n ? BigInt(rows) - 1n : 0n)]];
    }),
  );
}

/** Where the live schema is the source: rows of the backup that the restore brings back. */
function rowsOfBackup(ctx: StepContext): Record<string, string> {
  // A rollback brings back another backup than the press did.
  const phases = stepsOf(ctx);
  const press = phases.some(({ id }) => id === ctx.step.id);
  const own = press ? phases : ctx.runbook.rollbacks.runtime.steps;
  const restores = [...own, ...allSteps(ctx.runbook)].filter((step) => step.kind === 'restore');
  // A rollback without a backup keeps the rows that it found.
  const kept = restores.map(({ id }) => ctx.factOrNull<Record<string, string>>(id, 'rows')).find((rows) => rows);
  const from = String(restores[0]?.params.from ?? '');
  return ctx.factOrNull<Record<string, string>>(from, 'rows') ?? kept ?? ctx.fact(from, 'rows');
}

const MAX_NEIGHBOURS = 5;

/** Other profiles of the system, those that share something with this one first. */
export function neighbourNames(ctx: StepContext): Names[] {
  const sharing = new Set(ctx.neighbours.map(({ profile }) => profile.source_id));
  return ctx.system.profiles
    .filter((profile) => profile.source_id !== ctx.profile.source_id)
    .sort((a, b) => Number(sharing.has(b.source_id)) - Number(sharing.has(a.source_id)))
    .slice(0, MAX_NEIGHBOURS)
    .map((profile) => ({ 'neighbour.source_id': profile.source_id, 'neighbour.schema': profile.target.schema }));
}
