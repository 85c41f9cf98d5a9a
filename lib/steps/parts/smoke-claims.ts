import { realpathSync } from 'node:fs';
import { sourceFiles } from '@/lib/fleet/source-files';
import type { CheckpointResult } from '@/lib/shared/evidence';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint } from './checkpoint';
import { diffNow, isEqual } from './row-diff-evidence';
import { sourceFenceOf } from './source-fence';

/** What a smoke left alone: its claims besides those of its flow. */
export function openFilesCheckpoint(ctx: StepContext, openFiles: string[] | null): CheckpointResult {
  const sources = sourceFiles(ctx.profile.source).map((file) => realpathSync(file));
  const own = sources.flatMap((file) => [file, `${file}-wal`, `${file}-shm`]);
  const open = openFiles?.filter((file) => own.includes(file)) ?? [];
  return checkpoint(
    'source-closed',
    'The shadow has not opened the source file',
    openFiles === null ? null : open.length === 0,
    {
      summary:
        openFiles === null
          ? 'this system does not tell which files a process holds open'
          : open.length
            ? `open: ${open.join(', ')}`
            : `${openFiles.length} files open, none of them the source`,
      probes: [
        {
          what: 'files held open by the shadow',
          text: '/proc/<pid>/fd',
          expected: `not ${sources.join(', ')}`,
          got: open.join(', ') || 'none',
          passed: openFiles !== null && open.length === 0,
        },
      ],
    },
  );
}

export function fenceHeldCheckpoint(ctx: StepContext): CheckpointResult {
  const { state, summary } = sourceFenceOf(ctx).read();
  return checkpoint('source-unchanged', 'The old side took no write since its fence', state === 'complete', {
    summary,
  });
}

/** @param from id of the snapshot-source step that the target must still equal */
export async function stillEqualCheckpoint(ctx: StepContext, from: string): Promise<CheckpointResult> {
  const diff = await diffNow(ctx, from);
  const { durationMs: _, ...rowDiff } = diff;
  return checkpoint('still-equal', 'The target is as it was before the checks', isEqual(diff), {
    summary: `${rowDiff.equal} rows equal; holds at: ${rowDiff.holdsAt}`,
    rowDiff,
  });
}
