import { z } from 'zod';
import type { SqliteLocation, TargetPlace } from '@/lib/dataplane';
import {
  type JsonStore,
  liveMerged,
  liveStaged,
  type SqliteFiles,
  sourceScope,
  stageLive,
  targetPlace,
} from '@/lib/dataplane';
import type { ServiceEntry } from '@/lib/fleet/schema';
import { headersOfProfile } from '@/lib/fleet/secret-names';
import { CutoverError } from '@/lib/errors';
import type { StepContext } from '@/lib/steps/step';
import { movedFiles, sourceFile, sourceFiles, sourceWords, stayingFiles } from '@/lib/fleet/source-files';

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

/** Verified copies that this cutover has made, newest first. */
const stagedCopies = (ctx: StepContext): { path: string; sha256: string }[] =>
  stepsOf(ctx)
    .filter(({ kind }) => kind === 'snapshot-source')
    .flatMap(({ id }) => {
      const [file, sha256] = [ctx.factOrNull<string>(id, 'path'), ctx.factOrNull<string>(id, 'digest')];
      return file && sha256 ? [{ path: file, sha256 }] : [];
    })
    .reverse();

/** The live file; of a JSON store a staging file of the files as they are now: a verified copy that still has their bytes, else one of this attempt. @throws CutoverError source_* */
export const liveSource = (ctx: StepContext): SqliteLocation => {
  const store = jsonStoreOf(ctx);
  if (store) return liveStaged(store, ctx.workDir, stagedCopies(ctx));
  const files = filesOf(ctx);
  if (files) return liveMerged(files, ctx.workDir);
  return { path: sourceFile(ctx.profile.source), allowedRoots: ctx.allowedRoots };
};

/** The same, and a signal ends the staging of a large store within a moment. @throws CutoverError source_* | cancelled */
export const liveSourceInTurns = async (ctx: StepContext): Promise<SqliteLocation> => {
  const store = jsonStoreOf(ctx);
  return store ? stageLive(store, ctx.workDir, stagedCopies(ctx), ctx.signal) : liveSource(ctx);
};

/** The profile's source where it is several SQLite files, else null. `named`: only these, excluded ones too.
 *  @throws CutoverError runbook_invalid for a name that is no file of the profile */
export function filesOf(ctx: StepContext, named?: readonly string[]): SqliteFiles | null {
  const { source } = ctx.profile;
  if (source.kind !== 'sqlite-files') return null;
  const [moved, staying] = [movedFiles(source, ctx.runbook.surfaces), stayingFiles(source, ctx.runbook.surfaces)];
  const { allowedRoots } = ctx;
  if (!named) return { files: moved, excluded: staying, allowedRoots };
  const all = new Map([
    ...Object.entries(moved),
    ...Object.entries(staying).map(([name, one]) => [name, one.path] as const),
  ]);
  const strange = named.filter((name) => !all.has(name));
  if (strange.length)
    throw new CutoverError({
      code: 'runbook_invalid',
      message: `Step ${ctx.step.id} names ${strange.join(', ')}, which is no file of ${ctx.profile.source_id}.`,
      advice: `Its files: ${[...all.keys()].join(', ')}.`,
    });
  return { files: Object.fromEntries(named.map((name) => [name, all.get(name) ?? ''])), excluded: {}, allowedRoots };
}

/** Every file or folder that the rows come from. */
export const movedFilesOf = (ctx: StepContext): string[] => {
  const { source } = ctx.profile;
  return source.kind === 'sqlite-files' ? Object.values(movedFiles(source, ctx.runbook.surfaces)) : sourceFiles(source);
};

/** The profile's source where it is a store of JSON files, else null. */
export function jsonStoreOf({ profile: { source }, allowedRoots }: StepContext): JsonStore | null {
  if (source.kind !== 'json-store') return null;
  const { path, records, stays } = source;
  return { path, allowedRoots, records, stays };
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
  from === 'live' ? sourceWords(ctx.profile) : `the copy of step ${from}`;

function frozenSince(ctx: StepContext): string | null {
  const freeze = stepsOf(ctx).find((step) => step.kind === 'freeze');
  return freeze ? ctx.factOrNull<string>(freeze.id, 'frozenAt') : null;
}

/** Nothing is switched: the side that is replaced is the one that the service uses. */
export const staysOnTarget = ({ profile }: StepContext): boolean => profile.source.kind === 'target-schema';

/** Whether a service that reports this mode leaves the target alone. */
export const isOnSource = (ctx: StepContext, observed: string | null): boolean =>
  observed === ctx.runbook.from && !staysOnTarget(ctx);

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
