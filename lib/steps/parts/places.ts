import { z } from 'zod';
import type { SqliteLocation, TargetPlace } from '@/lib/dataplane';
import { type JsonStore, liveStaged, sourceScope, targetPlace } from '@/lib/dataplane';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { CutoverError } from '@/lib/errors';
import type { StepContext } from '@/lib/steps/step';
import { sourceFile } from '@/lib/fleet/source-files';

export const scopeOf = (ctx: StepContext) => sourceScope(ctx.profile.source_id, ctx.profile.source);
export const dsnOf = (ctx: StepContext): string => ctx.secret(ctx.profile.target.dsn_env);
export const placeOf = (ctx: StepContext): TargetPlace => ({
  ...targetPlace(dsnOf(ctx), ctx.profile.source_id, ctx.profile.target),
  ...renamesOf(ctx),
});

const nameToName = z.record(z.string(), z.string());
export const renameParams = z.strictObject({
  tables: nameToName.default({}),
  columns: z.record(z.string(), nameToName).default({}),
});

/** Names that the runbook's bootstrap declares to be others in the target. */
function renamesOf(ctx: StepContext): Pick<TargetPlace, 'renames'> {
  const declared = stepsOf(ctx).find(({ kind, params }) => kind === 'bootstrap' && params.renames !== undefined);
  return declared ? { renames: renameParams.parse(declared.params.renames) } : {};
}

/** The administrator's DSN where the fleet file names one and its value is set. */
export function adminDsnOf(ctx: StepContext): string | undefined {
  const name = ctx.profile.target.admin_dsn_env;
  if (!name) return undefined;
  try {
    return ctx.secret(name);
  } catch (thrown) {
    if (thrown instanceof CutoverError && thrown.code === 'dsn_missing') return undefined;
    throw thrown;
  }
}

/** The live file; of a JSON store a staging file of this attempt, made from the files as they are now. @throws CutoverError source_* */
export const liveSource = (ctx: StepContext): SqliteLocation => {
  const store = jsonStoreOf(ctx);
  return store
    ? liveStaged(store, ctx.workDir)
    : { path: sourceFile(ctx.profile.source), allowedRoots: ctx.allowedRoots };
};

/** The profile's source where it is a store of JSON files, else null. */
export function jsonStoreOf({ profile: { source }, allowedRoots }: StepContext): JsonStore | null {
  if (source.kind !== 'json-store') return null;
  const { path, records, stays } = source;
  return { path, allowedRoots, records, stays };
}

/** The file that a fence is put into. @throws CutoverError fence_failed for a store that cannot refuse a write */
export function fencedSource(ctx: StepContext): SqliteLocation {
  const store = jsonStoreOf(ctx);
  if (!store) return liveSource(ctx);
  throw new CutoverError({
    code: 'fence_failed',
    message: `${store.path} is a store of JSON files; files cannot refuse a write.`,
    advice: 'Take the fence step out of the runbook and hold or stop the service in its freeze step.',
  });
}

/** What a step reads as the source: the live file, or the verified copy that an earlier step made. */
export type SourceChoice = { location: SqliteLocation; digest: string | null; holdsAt: string; live: boolean };
export function sourceFrom(ctx: StepContext, from: string): SourceChoice {
  if (from === 'live') {
    const frozenAt = frozenSince(ctx);
    return {
      location: liveSource(ctx),
      digest: null,
      live: true,
      holdsAt: frozenAt ? `freeze since ${frozenAt}` : 'live file, not frozen',
    };
  }
  const path = ctx.fact<string>(from, 'path');
  return {
    location: { path, allowedRoots: [...ctx.allowedRoots, ctx.snapshotDir] },
    digest: ctx.fact<string>(from, 'digest'),
    live: false,
    holdsAt: `source snapshot of ${ctx.factOrNull<string>(from, 'takenAt') ?? 'unknown time'}`,
  };
}

/** The same for plans: before the copy exists, its place is named by the step that will make it. */
export const sourceNamed = (ctx: StepContext, from: string): string =>
  from === 'live' ? sourceFile(ctx.profile.source) : `the copy of step ${from}`;

function frozenSince(ctx: StepContext): string | null {
  const freeze = stepsOf(ctx).find((step) => step.kind === 'freeze');
  return freeze ? ctx.factOrNull<string>(freeze.id, 'frozenAt') : null;
}

export const stepsOf = (ctx: StepContext) => ctx.runbook.phases.flatMap((phase) => phase.steps);

/** The one service of the profile; several are walked with `ctx.services`. */
export function firstService(ctx: StepContext): ServiceEntry {
  const [service] = ctx.services;
  if (service) return service;
  throw new CutoverError({
    code: 'fleet_invalid',
    message: `Profile ${ctx.profile.source_id} names no service that exists.`,
    advice: 'Correct service of the profile in the fleet file.',
  });
}

export const secretOf =
  (ctx: StepContext) =>
  (name: string): string =>
    ctx.secret(name);

/** Headers of requests in the profile's name, secrets and all: never for plan or evidence. */
export const headersOf = (ctx: StepContext): Record<string, string> => headersOfProfile(ctx.profile, secretOf(ctx));
