import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatBytes } from '@/lib/shared/format';
import { digestFile } from '@/lib/sources/sqlite-snapshot';
import type { StepContext } from '@/lib/steps/step';
import { prove } from './checkpoint';
import { stepsOf } from './places';

/** The verified copies of the source that outlive the window, read once more. None where the runbook takes none. */
export const keptSnapshots = (ctx: StepContext, until: string | null): Promise<CheckpointResult[]> =>
  Promise.all(
    stepsOf(ctx)
      .filter(({ kind }) => kind === 'snapshot-source')
      .flatMap(({ id }) => {
        const file = ctx.factOrNull<string>(id, 'path');
        const sha256 = ctx.factOrNull<string>(id, 'digest');
        if (!file || !sha256) return [];
        return prove(`kept-${id}`, 'The verified copy of the source is kept, unchanged', async () => {
          if (!existsSync(file)) return { holds: false, summary: `${file} is gone` };
          const now = await digestFile(file);
          return {
            holds: now === sha256,
            summary: `${formatBytes(statSync(file).size)}${until ? `, until ${until.slice(0, 10)}` : ''}: ${file}`,
            digests: [
              { of: `${path.basename(file)} as verified`, sha256 },
              { of: 'now', sha256: now },
            ],
          };
        });
      }),
  );
