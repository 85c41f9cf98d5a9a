import { z } from 'zod';
import type { Json } from '@/lib/shared/json';
import type { KeptSnapshot, StepContext } from '@/lib/steps/step';
import { placeOf } from './places';

/** What of a target snapshot's manifest a choice needs. */
const manifestOf = z.looseObject({
  schema: z.string(),
  sourceId: z.string(),
  absent: z.boolean(),
  takenAt: z.string(),
  tables: z.array(z.looseObject({ table: z.string(), rows: z.string() })),
});

export type KeptCopy = Pick<KeptSnapshot, 'id' | 'path' | 'digest' | 'stepId' | 'runbook'> &
  Pick<z.infer<typeof manifestOf>, 'schema' | 'sourceId' | 'absent' | 'takenAt' | 'tables'> & {
    bytes: bigint;
    manifest: Json;
  };

/** Kept snapshots of the profile's target, newest first. One folder is listed once, whoever uses it. */
export async function keptCopies(ctx: StepContext, madeBy?: string): Promise<KeptCopy[]> {
  const kept = await ctx.keptSnapshots();
  const copies = kept.flatMap(({ manifest, bytes, ...one }): KeptCopy[] => {
    const read = manifestOf.safeParse(manifest);
    return read.success ? [{ ...one, ...read.data, manifest, bytes: BigInt(bytes) }] : [];
  });
  // Of several rows at one place the last is the oldest: the step that made it.
  const first = new Map(copies.map((copy) => [copy.path, copy]));
  return [...first.values()]
    .filter(({ stepId }) => madeBy === undefined || stepId === madeBy)
    .sort((a, b) => (a.takenAt < b.takenAt ? 1 : -1));
}

/** Of this very place, and with something in it to restore. */
export const fitsPlace = (ctx: StepContext, { schema, sourceId, absent }: KeptCopy): boolean =>
  schema === placeOf(ctx).schema && sourceId === ctx.profile.source_id && !absent;
