import { diffRows } from '@/lib/dataplane/diff-rows';
import type { ChosenRules, DiffReport, ImportInput, ReportProgress } from '@/lib/dataplane/types';
import { isUnread } from '@/lib/dataplane/readable-tables';
import type { Manifest } from './manifest';
import { stageFiles, type StageInput } from './stage-files';

export type ValidateInput = StageInput &
  Pick<ImportInput, 'place' | 'scope'> & { rules: ChosenRules; readProgress?: ReportProgress };

/** Compares the files with the target, every row and cell; counting would pass over each lost value. Changes nothing.
 *  @throws CutoverError export_damaged | schema_missing | target_* */
export async function validateFiles(input: ValidateInput): Promise<{ manifest: Manifest; diff: DiffReport }> {
  const { manifest, location } = await stageFiles(stageOf(input));
  const { scope, place, rules, signal, progress } = input;
  const diff = await diffRows({
    source: location,
    scope,
    place,
    rules,
    signal,
    holdsAt: `the export of ${manifest.generated_at}`,
    ...(progress ? { progress } : {}),
  });
  return { manifest, diff };
}

const stageOf = ({ folder, binding, to, signal, readProgress: progress }: ValidateInput): StageInput => ({
  folder,
  binding,
  to,
  signal,
  ...(progress ? { progress } : {}),
});

export const isEqual = ({
  differing,
  missing,
  extra,
  notCompared,
}: Pick<DiffReport, 'differing' | 'missing' | 'extra' | 'notCompared'>): boolean =>
  [differing, missing, extra].every((count) => BigInt(count) === 0n) && !notCompared.some(isUnread);

/** What to do where the target has other rows than the files: either side may have changed. */
export const mismatchAdvice =
  'Either side may have changed since the export: somebody may have written into the SQLite files, or into the tables of the target, which the rows above show. Make sure that every service uses this same DSN, put the side right that changed, and validate again; or export and import anew.';
