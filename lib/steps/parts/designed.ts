import { existsSync } from 'node:fs';
import type pg from 'pg';
import {
  designSource,
  readTarget,
  readTargetOfDesign,
  type ChosenRules,
  type Design,
  type Finding,
  type SqliteLocation,
  type TargetPlace,
  type TargetSchema,
} from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import type { StepContext } from '@/lib/steps/step';
import { contractOf, readContractTarget } from './contract';
import { liveSource, placeOf, scopeOf, sourceFrom, stepsOf } from './places';

/** Whether the runbook makes the target from the source itself, because the system has no DDL of its own to offer. */
export const isDesigned = (ctx: StepContext): boolean =>
  contractOf(ctx) === null &&
  stepsOf(ctx).some((step) => step.kind === 'bootstrap' && step.params.schema_from === 'source');

/** The default target of this profile's source: of its verified copy once there is one, else of the live file. */
export function designOf(ctx: StepContext, rules: ChosenRules, source?: SqliteLocation): Design & { plain: Design } {
  refuseShared(ctx);
  const made = (id: string, fact: string) => existsSync(ctx.factOrNull<string>(id, fact) ?? '');
  // An export to files holds the tables of all its sources.
  const copy =
    stepsOf(ctx).find(({ id, kind }) => kind === 'export' && made(id, 'folder') && made(id, 'path')) ??
    stepsOf(ctx).find(({ id, kind }) => kind === 'snapshot-source' && made(id, 'path'));
  const location = source ?? (copy ? sourceFrom(ctx, copy.id).location : liveSource(ctx));
  return designSource(location, scopeOf(ctx), placeOf(ctx), rules, ctx.signal);
}

/** A design makes a schema whole, and drops it whole. @throws CutoverError runbook_invalid */
function refuseShared(ctx: StepContext): void {
  if (placeOf(ctx).tables)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `${ctx.profile.source_id} has named tables in ${placeOf(ctx).schema}, which others use too; its runbook would design that schema whole.`,
      advice: 'Give bootstrap a contract, or give the profile a schema of its own in the fleet file.',
    });
}

export type ExpectedTarget = {
  target: TargetSchema;
  place: TargetPlace;
  findings: Finding[];
  /** What the import builds when the rows are in. */
  after: Design['after'];
};

/** The target that import and row diff work against, with the names it has there: the contract where there is one, else the design,
 *  else what is there. Findings are the design's own. */
export async function expectedTarget(
  ctx: StepContext,
  client: pg.Client,
  rules: ChosenRules,
  named?: string,
  source?: SqliteLocation,
): Promise<ExpectedTarget> {
  const place = placeOf(ctx);
  const contract = contractOf(ctx, named);
  if (contract) return { target: await readContractTarget(client, place, contract), place, findings: [], after: [] };
  if (!isDesigned(ctx)) return { target: await readTarget(client, place), place, findings: [], after: [] };
  const { plain, ...design } = designOf(ctx, ctx.rules(), source);
  const chosen = rules.length ? design : plain;
  return {
    target: { ...(await readTargetOfDesign(client, place, chosen)), designed: true },
    place: { ...place, renames: chosen.renames },
    findings: design.findings,
    after: chosen.after,
  };
}
