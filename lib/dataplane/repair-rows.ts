import type pg from 'pg';
import { withSqliteAsync } from '@/lib/sources/sqlite-file';
import { inTransaction, textRows, withTarget } from './connect-target';
import { diffOpen, readingTransaction } from './diff-rows';
import { claimLoad, holdEpoch, writeBatch } from './ledger';
import { ledgerOf } from './ledger-schema';
import { makeLedger } from './make-ledger';
import { openPlan } from './open-plan';
import { RepairSink, type StagedTable } from './repair-sink';
import { deleteByKeySql, deleteOneSql, goneTable, insertSql, putTable, releaseSql, updateSql } from './repair-sql';
import { setMappedSequences } from './sequences';
import { sqlState } from './target-errors';
import { targetPath } from './target-sql';
import type { RepairInput, RepairReport } from './types';

type Done = { table: string; inserted: bigint; updated: bigint; deleted: bigint };

/** Makes the target follow the source: exactly the rows that differ, are missing or are extra, in one transaction that also tells the ledger.
 *  @throws CutoverError value_not_storable (nothing was changed) | attempt_lost | finding_open | source_* | target_* */
export async function repairRows(input: RepairInput): Promise<RepairReport> {
  const started = performance.now();
  const { place, cutoverId, epoch, signal } = input;
  return withSqliteAsync(input.source, (file) =>
    withTarget(
      place.dsn,
      (writer) =>
        withTarget(
          place.dsn,
          async (reader) => {
            await makeLedger(writer);
            await claimLoad(writer, {
              cutoverId,
              epoch,
              sourceId: place.sourceId,
              schema: place.schema,
              sourceDigest: 'repair',
            });
            const { sink, plan } = await inTransaction(
              reader,
              async () => {
                const open = await openPlan(reader, file, input.scope, place, input.rules);
                const gathering = new RepairSink(writer, open.target);
                await diffOpen(reader, file, open, input, gathering);
                await gathering.settle();
                return { sink: gathering, plan: open.plan };
              },
              readingTransaction,
            );
            const staged = sink.staged.filter(({ put, gone }) => put > 0n || gone > 0n);
            const done = staged.length ? await applyRepair(writer, staged, input) : [];
            for (const { table, inserted, updated, deleted } of done)
              input.log?.('info', `${table}: ${inserted} inserted, ${updated} updated, ${deleted} deleted.`);
            const sequences = await setMappedSequences(writer, file, plan.tables, true);
            return {
              ...total(done),
              durationMs: Math.round(performance.now() - started),
              sample: sink.samples.sample,
              sequences,
            };
          },
          { signal },
        ),
      { signal },
    ),
  );
}

function total(done: readonly Done[]): Pick<RepairReport, 'inserted' | 'updated' | 'deleted' | 'tables'> {
  const sum = (member: 'inserted' | 'updated' | 'deleted') =>
    done.reduce((all, one) => all + one[member], 0n).toString();
  return {
    inserted: sum('inserted'),
    updated: sum('updated'),
    deleted: sum('deleted'),
    tables: done.map((one) => ({
      table: one.table,
      inserted: one.inserted.toString(),
      updated: one.updated.toString(),
      deleted: one.deleted.toString(),
    })),
  };
}

async function applyRepair(
  client: pg.Client,
  staged: readonly StagedTable[],
  { cutoverId, epoch, failpoint }: RepairInput,
): Promise<Done[]> {
  return inTransaction(client, async () => {
    await holdEpoch(client, cutoverId, epoch);
    await client.query('set constraints all deferred');
    const done = await firstOrderThatHolds(client, staged);
    await tellLedger(client, staged, done, cutoverId, epoch);
    await failpoint?.('repair:before-commit');
    return done;
  });
}

type Order = 'put first' | 'release first' | 'take first';

/** Two rows that swap a unique value cannot simply be put: then the old holders let go of it first, or leave first. */
async function firstOrderThatHolds(client: pg.Client, staged: readonly StagedTable[]): Promise<Done[]> {
  const orders: Order[] = ['put first', 'release first', 'take first'];
  for (const [i, order] of orders.entries()) {
    await client.query('savepoint before_rows');
    try {
      return await putAndTake(client, staged, order);
    } catch (thrown) {
      if (sqlState(thrown) !== '23505' || i === orders.length - 1) throw thrown;
      await client.query('rollback to savepoint before_rows');
    }
  }
  return [];
}

/** Parents are put before children and taken away after them. */
async function putAndTake(client: pg.Client, staged: readonly StagedTable[], order: Order): Promise<Done[]> {
  const done = new Map(
    staged.map((one) => [one, { table: one.mapping.source, inserted: 0n, updated: 0n, deleted: 0n }]),
  );
  const put = async () => {
    for (const one of staged) await putRows(client, one, done.get(one) as Done, order === 'take first');
  };
  const take = async () => {
    for (const one of [...staged].reverse()) (done.get(one) as Done).deleted += await takeRows(client, one);
  };
  // Rows without a unique key: taking goes first, or it would take what was just put.
  const unkeyed = staged.filter(({ keyed }) => !keyed);
  if (order === 'release first')
    for (const { mapping, index, keyed, release } of staged) {
      if (!keyed || !release.length) continue;
      for (const stage of [putTable(index), goneTable(index)]) await client.query(releaseSql(mapping, stage, release));
    }
  if (order === 'take first') {
    await take();
    await put();
    return [...done.values()];
  }
  for (const one of unkeyed) (done.get(one) as Done).deleted += await takeRows(client, one);
  await put();
  for (const one of staged.filter(({ keyed }) => keyed).reverse())
    (done.get(one) as Done).deleted += await takeRows(client, one);
  return [...done.values()];
}

async function putRows(
  client: pg.Client,
  { mapping, index, keyed, put }: StagedTable,
  done: Done,
  deleteFirst: boolean,
): Promise<void> {
  if (put === 0n) return;
  if (keyed && deleteFirst) done.updated += await affected(client, deleteByKeySql(mapping, putTable(index)));
  else if (keyed) {
    const update = updateSql(mapping, putTable(index));
    if (update) done.updated += await affected(client, update);
  }
  done.inserted +=
    (await affected(client, insertSql(mapping, putTable(index), keyed))) - (deleteFirst ? done.updated : 0n);
}

async function takeRows(client: pg.Client, { mapping, index, keyed, gone }: StagedTable): Promise<bigint> {
  if (gone === 0n) return 0n;
  if (keyed) return affected(client, deleteByKeySql(mapping, goneTable(index)));
  let taken = 0n;
  for (let i = 0n; i < gone; i += 1n) taken += await affected(client, deleteOneSql(mapping, goneTable(index)));
  return taken;
}

const affected = async (client: pg.Client, sql: string): Promise<bigint> =>
  BigInt((await client.query(sql)).rowCount ?? 0);

/** A repair is a batch below zero, so that the ledger still explains how many rows there are. */
async function tellLedger(
  client: pg.Client,
  staged: readonly StagedTable[],
  done: readonly Done[],
  cutoverId: string,
  epoch: number,
): Promise<void> {
  for (const [i, one] of staged.entries()) {
    const target = targetPath(one.mapping);
    const [last] = await textRows<{ no: string }>(
      client,
      `select least(min(batch_no), 0)::text as no from ${ledgerOf(client)}.batch where cutover_id = $1 and target = $2`,
      [cutoverId, target],
    );
    const { inserted, deleted } = done[i] as Done;
    await writeBatch(client, cutoverId, epoch, {
      target,
      batchNo: Number(last?.no ?? 0) - 1,
      firstKey: null,
      lastKey: null,
      rows: one.mapping.shared ? 0n : inserted - deleted,
      bytes: 0n,
      sha256: one.digest.copy().digest('hex'),
    });
  }
}
