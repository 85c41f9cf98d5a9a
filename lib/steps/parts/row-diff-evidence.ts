import { diffRows, type DiffReport, type DiffState } from '@/lib/dataplane';
import { sinceCopy } from '@/lib/sources/live-state';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatCount } from '@/lib/shared/format';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { movedFilesOf, placeOf, scopeOf, sourceFrom, stepsOf } from './places';

/** Source and target compared now, row by row. @param resumes goes on from what a reading that was cut off had settled */
export function diffNow(ctx: StepContext, from: string, resumes = true): Promise<DiffReport> {
  const source = sourceFrom(ctx, from);
  return diffRows({
    source: source.location,
    scope: scopeOf(ctx),
    place: placeOf(ctx),
    rules: ctx.rules(),
    holdsAt: source.holdsAt,
    ...(resumes
      ? {
          memory: {
            get: () => ctx.state.get<DiffState>('row diff'),
            set: (state) => ctx.state.set('row diff', state),
          },
        }
      : {}),
    signal: ctx.signal,
    progress: ctx.progress,
    failpoint: ctx.failpoint,
  });
}

export const isEqual = (diff: DiffReport): boolean =>
  [diff.differing, diff.missing, diff.extra].every((count) => count === '0');

/** Where nothing will hold the writers, a person must know that they have gone on; a cutover with a freeze takes care of them later. */
export function writtenSince(ctx: StepContext, from: string): string | null {
  if (from === 'live' || stepsOf(ctx).some(({ kind }) => kind === 'freeze')) return null;
  const since = sinceCopy(movedFilesOf(ctx), ctx.factOrNull<string[]>(from, 'liveState'));
  return since === 'written'
    ? 'the source has changed since it was copied, and what was written to it since is not in the target'
    : null;
}

/** @param since a word on the source, beside what was compared */
export function diffCheckpoints(diff: DiffReport, since: string | null = null): CheckpointResult[] {
  const { durationMs: _, ...rowDiff } = diff;
  // A rule is a recorded decision and part of what a sign-off covers; anything else that was not compared fails.
  const undecided = diff.notCompared.filter((text) => !text.endsWith('left out by rule'));
  const counts = `${formatCount(diff.equal)} equal, ${formatCount(diff.differing)} differing, ${formatCount(diff.missing)} missing, ${formatCount(diff.extra)} extra`;
  return [
    checkpoint('equal', 'Every row and cell is equal', isEqual(diff), {
      summary: `${counts}; holds at: ${diff.holdsAt}${since ? `; ${since}` : ''}`,
      rowDiff,
      digests: [{ of: 'source ranges', sha256: diff.digest }],
    }),
    checkpoint(
      'all-compared',
      'Everything was compared, but for what a person chose to leave out',
      undecided.length === 0,
      {
        summary: diff.notCompared.length
          ? `Not compared: ${diff.notCompared.join('; ')}`
          : `${diff.tables.length} tables, every column; not compared: none`,
        table: { columns: ['Not compared'], rows: diff.notCompared.map((text) => [text]) },
      },
    ),
    ...(diff.catalog ? [catalogCheckpoint(diff.catalog)] : []),
  ];
}

/** Rows may be equal where a key, an index or a trigger differs. What a person's SQL has made beside the design is told, and is no failure. */
function catalogCheckpoint({ differences, reviewed }: NonNullable<DiffReport['catalog']>): CheckpointResult {
  const told = differences.slice(0, 10).join('; ').slice(0, 1500);
  return checkpoint('catalog', 'The catalogue is as it was designed', differences.length === 0 || reviewed, {
    summary: differences.length
      ? `Differs in the catalogue: ${told}${differences.length > 10 ? `; and ${differences.length - 10} more` : ''}${reviewed ? '; SQL of a person was applied to this schema' : ''}`
      : 'keys, indexes, columns and triggers equal the design',
    table: { columns: ['Difference'], rows: differences.slice(0, 200).map((text) => [text]) },
  });
}
