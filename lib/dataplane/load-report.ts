import { explainedRows, type LedgerBatch } from './ledger';
import { mappingName, targetPath } from './target-sql';
import type { ImportReport, TablePlan } from './types';

type Run = {
  before: readonly LedgerBatch[];
  written: number;
  altered: string[];
  sequences: ImportReport['sequences'];
  ms: number;
};

/** What an import did, from the ledger as it stands now. */
export function importReport(ledger: readonly LedgerBatch[], plan: TablePlan, run: Run): ImportReport {
  const batches = ledger.filter(({ batchNo }) => batchNo > 0);
  const tables = plan.tables.map((mapping) => {
    const own = batches.filter(({ target }) => target === targetPath(mapping));
    return {
      table: mappingName(mapping),
      rows: explainedRows(own, targetPath(mapping)).toString(),
      batches: own.length,
      digest: own.at(-1)?.sha256 ?? '',
    };
  });
  const sum = (some: readonly LedgerBatch[]) => some.reduce((total, { rows }) => total + rows, 0n).toString();
  return {
    rows: sum(batches),
    batches: batches.length - run.before.length,
    resumedBatches: run.before.length,
    keptRows: sum(run.before),
    writtenRows: String(run.written),
    durationMs: Math.round(run.ms),
    altered: run.altered,
    tables,
    sequences: run.sequences,
  };
}
