import type pg from 'pg';
import { createHash } from 'node:crypto';
import { checkImport } from '@/lib/dataplane/check-import';
import { textRows, withTarget } from '@/lib/dataplane/connect-target';
import { designSource } from '@/lib/dataplane/design-source';
import { createDesigned, designDigest, readDesign, readTargetOfDesign } from '@/lib/dataplane/design-store';
import { openFindings } from '@/lib/dataplane/findings';
import { importRows } from '@/lib/dataplane/import-rows';
import { ledgerTable } from '@/lib/dataplane/make-ledger';
import { refuseOpen } from '@/lib/dataplane/open-plan';
import { planTables } from '@/lib/dataplane/plan-tables';
import { proveValues } from '@/lib/dataplane/prove-values';
import { ruleFindings } from '@/lib/dataplane/rule-findings';
import { readTarget } from '@/lib/dataplane/read-target';
import type {
  ChosenRules,
  Finding,
  ImportCheck,
  ImportInput,
  ImportReport,
  ReportProgress,
  TargetPlace,
  TargetSchema,
} from '@/lib/dataplane/types';
import { readSource } from '@/lib/sources/read-source';
import type { SourceScope } from '@/lib/sources/scope';
import { stageFiles, type Staged, type StageInput } from './stage-files';

export type ImportFilesInput = StageInput &
  Pick<ImportInput, 'place' | 'batchRows' | 'maxRowsPerSecond' | 'log' | 'failpoint'> & {
    scope: SourceScope;
    /** Of reading the files; `progress` is that of the import. */
    readProgress?: ReportProgress;
    /** The rules for these findings; may refuse a rule that none of them offers. */
    choose: (findings: readonly Finding[]) => ChosenRules | Promise<ChosenRules>;
    /** Rules that were asked for by name, before it is known which findings there are. */
    asked?: ChosenRules;
    /** Called with all findings before anything is written. */
    onFindings?: (findings: readonly Finding[], rules: ChosenRules) => void;
  };
export type ImportFilesReport = {
  manifest: Staged['manifest'];
  report: ImportReport;
  check: ImportCheck;
  findings: Finding[];
  /** Everything was there from an earlier import of these files; nothing was written. */
  alreadyLoaded: boolean;
};

/** The same files in the same schema are the same load: the ledger in the target knows it, no file beside the batches does. */
export const loadIdOf = (exportId: string, { sourceId, schema }: Pick<TargetPlace, 'sourceId' | 'schema'>): string =>
  `files-${exportId}-${createHash('sha256').update(`${sourceId}\0${schema}`).digest('hex').slice(0, 12)}`;

/** Imports verified files into a schema, which is designed from them where it holds no table. Safe to repeat and to kill.
 *  @throws CutoverError export_damaged | finding_open (nothing was written) | target_not_empty | attempt_lost | target_* */
export async function importFiles(input: ImportFilesInput): Promise<ImportFilesReport> {
  const { place, scope, signal } = input;
  const { readProgress: progress, ...files } = input;
  const staged = await stageFiles({ ...stageOf(files), ...(progress ? { progress } : {}) });
  const { manifest, location } = staged;
  const source = { source: location, scope, place, signal };
  const { findings, designed, plain } = await withTarget(place.dsn, (client) => findingsOf(client, source), { signal });
  const rules = await decide(input, source, findings, designed ? plain : null);
  input.onFindings?.(findings, rules);
  refuseOpen(openFindings(findings, rules));
  const cutoverId = loadIdOf(manifest.export_id, place);
  const { epoch, design } = await withTarget(place.dsn, async (client) => {
    const design = designed ? designSource(location, scope, place, rules, signal) : null;
    if (design) await createDesigned(client, place, design);
    return { epoch: await nextEpoch(client, cutoverId), design: design && designDigest(design) };
  });
  const load = { ...input, ...source, rules, cutoverId, sourceDigest: manifest.seal.digest };
  const report = await importRows({ ...load, epoch, designDigest: design });
  const check = await checkImport(load);
  return {
    manifest,
    report,
    check,
    findings,
    alreadyLoaded: report.writtenRows === '0' && report.resumedBatches > 0,
  };
}

/** The rules for all findings, those too that only an answer brings about. Adds these to `findings`. */
async function decide(
  { asked = [], choose }: Pick<ImportFilesInput, 'asked' | 'choose'>,
  source: Source,
  findings: Finding[],
  plain: TargetSchema | null,
): Promise<ChosenRules> {
  const raisedBy = (rules: ChosenRules): Promise<Finding[]> =>
    plain && rules.length
      ? withTarget(source.place.dsn, (client) => ruleFindings(client, { ...source, rules, known: findings, plain }), {
          signal: source.signal,
        })
      : Promise.resolve([]);
  findings.push(...(await raisedBy(asked)));
  for (;;) {
    const rules = await choose(findings);
    const raised = await raisedBy(rules);
    if (!raised.length) return rules;
    findings.push(...raised);
  }
}

const stageOf = ({ folder, binding, to, signal }: StageInput): StageInput => ({ folder, binding, to, signal });

type Source = Pick<ImportInput, 'source' | 'scope' | 'place' | 'signal'>;

/** What preflight would say: of the design, where the schema is made from the files, of tables and columns, and of every value. */
async function findingsOf(client: pg.Client, { source, scope, place, signal }: Source) {
  const there = await readTarget(client, place);
  const own = there.tables.some(({ schema }) => schema === place.schema);
  const designed = !own || (await readDesign(client, place)) !== null;
  const design = designed ? designSource(source, scope, place, [], signal) : null;
  const target = design ? { ...(await readTargetOfDesign(client, place, design)), designed: true } : there;
  const named = design ? { ...place, renames: design.renames } : place;
  const plan = planTables(readSource(source, scope), target, scope, named, []);
  const values = await proveValues(client, { source, plan, target, signal });
  const known = new Set(design?.findings.map(({ key }) => key));
  return {
    designed,
    plain: target,
    findings: [...(design?.findings ?? []), ...plan.findings.filter(({ key }) => !known.has(key)), ...values],
  };
}

/** Of two imports of the same files the later one goes on; the earlier is shut out at its next batch. */
export async function nextEpoch(client: pg.Client, cutoverId: string): Promise<number> {
  const table = await ledgerTable(client, 'load');
  if (!table) return 1;
  const [load] = await textRows<{ epoch: string }>(client, `select epoch from ${table} where cutover_id = $1`, [
    cutoverId,
  ]);
  return Number(load?.epoch ?? 0) + 1;
}
