import { createHash } from 'node:crypto';
import { withSqliteAsync } from '@/lib/sources/sqlite-file';
import { textRows, withTarget } from './connect-target';
import { compareWithDesign } from './compare-design';
import { openFindings } from './findings';
import { explainedRows, readBatches } from './ledger';
import { openPlan } from './open-plan';
import { setMappedSequences } from './sequences';
import { mappedReader, mappedTables } from './source-readers';
import { mappingName, targetCountSql, targetPath } from './target-sql';
import type { ImportCheck, ImportInput, SequenceProof } from './types';

/** Counts source, ledger and target again, and proves the sequences. Changes nothing. */
export async function checkImport(input: Omit<ImportInput, 'epoch' | 'failpoint'>): Promise<ImportCheck> {
  return withSqliteAsync(input.source, (file) =>
    withTarget(
      input.place.dsn,
      async (client) => {
        const { plan } = await openPlan(client, file, input.scope, input.place, input.rules);
        const batches = await readBatches(client, input.cutoverId);
        const tables: ImportCheck['tables'] = [];
        for (const one of mappedTables(file, plan.tables)) {
          const path = targetPath(one.mapping);
          const source = mappedReader(file, one).count();
          const ledger = explainedRows(batches, path);
          const [there] = await textRows<{ rows: string }>(client, targetCountSql(one.mapping));
          tables.push({
            table: mappingName(one.mapping),
            target: path,
            sourceRows: source.toString(),
            ledgerRows: ledger.toString(),
            targetRows: String(there?.rows),
            batches: batches.filter(({ target, batchNo }) => target === path && batchNo > 0).length,
            passed: source === ledger && String(there?.rows) === source.toString(),
          });
        }
        const sequences = await setMappedSequences(client, file, plan.tables, false);
        const open = openFindings(plan.findings, input.rules).map(({ key }) => key);
        const catalog = await compareWithDesign(client, input, plan);
        const digest = createHash('sha256');
        for (const { target, batchNo, sha256 } of batches) digest.update(`${target} ${batchNo} ${sha256}\n`);
        return {
          tables,
          leftOut: plan.notMoved,
          openFindings: open,
          sequences,
          catalog,
          ledgerDigest: digest.digest('hex'),
          passed:
            tables.every(({ passed }) => passed) &&
            sequences.every(({ passed }) => passed) &&
            open.length === 0 &&
            !catalog?.differences.length,
        };
      },
      { readOnly: true, signal: input.signal },
    ),
  );
}

/** Sets and proves the sequences once more, after the last catch-up. */
export async function setSequences(
  input: Pick<ImportInput, 'source' | 'scope' | 'place' | 'rules'>,
): Promise<SequenceProof[]> {
  return withSqliteAsync(input.source, (file) =>
    withTarget(input.place.dsn, async (client) => {
      const { plan } = await openPlan(client, file, input.scope, input.place, input.rules);
      return setMappedSequences(client, file, plan.tables, true);
    }),
  );
}
