import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { type SqliteFile, withSqliteAsync } from '@/lib/sources/sqlite-file';
import { clearLoad } from './clear-import';
import { inTransaction, withTarget } from './connect-target';
import { Construction } from './constraints';
import { onlyBuilt } from './design-store';
import { openFindings } from './findings';
import { holdEpoch, type LedgerBatch, readBatches } from './ledger';
import { loadGroups } from './load-order';
import { importReport } from './load-report';
import { TableLoad } from './load-tables';
import { openPlan, type OpenPlan, refuseOpen } from './open-plan';
import { prepareLoad } from './prepare-load';
import { proveOpenFile } from './prove-values';
import { loadProgress } from './progress';
import { setMappedSequences } from './sequences';
import { mappedReader, mappedTables } from './source-readers';
import { mappingName, alterSql } from './target-sql';
import type { Finding, ImportInput, ImportReport, TableMapping } from './types';

/** Copies the profile's rows, batch by batch. Safe to repeat and to kill: it goes on after the last committed batch of the ledger.
 *  @throws CutoverError finding_open (the target is as it was) | target_not_empty | batch_failed | attempt_lost | source_* | target_* */
export async function importRows(input: ImportInput): Promise<ImportReport> {
  const started = performance.now();
  return withSqliteAsync(input.source, (file) =>
    withTarget(
      input.place.dsn,
      async (client) => {
        const open = await openPlan(client, file, input.scope, input.place, input.rules);
        const { plan, target } = open;
        const alterations = plan.tables.flatMap((mapping) => alterSql(mapping, target));
        // Where everything is plain, the encoder's own refusal is the profile; a table that cannot be cleared again is tried first.
        const valuesToo =
          input.rules.length > 0 || alterations.length > 0 || plan.tables.some(({ shared }) => shared !== null);
        refuseOpen(await stillOpen(client, file, open, input, valuesToo));
        const before = await prepareLoad(client, input, plan);
        await alterTarget(client, input, alterations);
        const construction = await Construction.open(client, input);
        const written = await loadOrClear(client, file, open, input, before, construction);
        const built = await construction.finish(client);
        const sequences = await setMappedSequences(client, file, plan.tables, true);
        const batches = await readBatches(client, input.cutoverId);
        const run = {
          before,
          written,
          altered: [...alterations, ...built],
          sequences,
          ms: performance.now() - started,
        };
        return importReport(batches, plan, run);
      },
      { signal: input.signal },
    ),
  );
}

const stillOpen = async (
  client: pg.Client,
  file: SqliteFile,
  { plan, target }: OpenPlan,
  input: ImportInput,
  values: boolean,
) =>
  openFindings(
    await proveOpenFile(client, file, { plan, target, rules: input.rules, signal: input.signal, keysOnly: !values }),
    input.rules,
  );

async function alterTarget(client: pg.Client, input: ImportInput, statements: readonly string[]): Promise<void> {
  if (statements.length)
    await inTransaction(client, async () => {
      await holdEpoch(client, input.cutoverId, input.epoch);
      for (const statement of statements) await client.query(statement);
    });
  for (const statement of statements) input.log?.('note', statement);
}

/** Returns the rows written. A load that is refused half-way is taken back whole, with the findings that say why. */
async function loadOrClear(
  client: pg.Client,
  file: SqliteFile,
  open: OpenPlan,
  input: ImportInput,
  before: readonly LedgerBatch[],
  construction: Construction,
): Promise<number> {
  const { plan, target } = open;
  const tables = mappedTables(file, plan.tables);
  const rows = new Map(tables.map((one) => [one.mapping, Number(mappedReader(file, one).count())]));
  const rowsOf = (mapping: TableMapping) => rows.get(mapping) ?? 0;
  const progress = loadProgress(
    plan.tables.map((mapping) => ({ name: mappingName(mapping), total: rowsOf(mapping) })),
    input.progress,
  );
  const load = new TableLoad(client, file, input, target, progress, (mapping, bytes) =>
    construction.loaded(mapping, bytes),
  );
  try {
    const order = construction.loadFirst(plan.tables, rowsOf);
    for (const group of loadGroups(order, onlyBuilt(target))) await load.group(group, tables, before);
    await load.finish();
    return load.rowsWritten;
  } catch (thrown) {
    await construction.stop();
    await load.giveUp();
    const found = isRefusal(thrown) ? await stillOpen(client, file, open, input, true) : [];
    if (found.length) await takeBack(client, open, input, construction, found);
    throw thrown;
  }
}

/** @throws CutoverError finding_open always */
async function takeBack(
  client: pg.Client,
  { plan }: OpenPlan,
  input: ImportInput,
  construction: Construction,
  found: Finding[],
): Promise<void> {
  input.log?.('warn', 'A value or key does not fit; what was copied is removed again.');
  const { cutoverId, epoch, sourceDigest } = input;
  await clearLoad(client, { cutoverId, epoch, sourceDigest, mappings: plan.tables });
  await construction.takeBack(client);
  refuseOpen(found);
}

const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof CutoverError && ['value_not_storable', 'batch_failed'].includes(thrown.code);
