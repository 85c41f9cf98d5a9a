import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { MadeRows, WrittenRow } from '@/lib/fleet/flow-schema';
import { quoteIdent, type TargetPlace, withTarget } from '@/lib/dataplane';
import { canonicalJson } from '@/lib/shared/json';
import { alreadyThere, countMade, deleteMade, deleteStragglers, type KeptMade, madeText } from './made-rows';

/** One row a flow may write: its text before the first write and after the last one; null = there was none. */
export type KeptRow = WrittenRow & { before: string | null; after: string | null | undefined; restored: boolean };
export type Kept = KeptRow | KeptMade;
export type FootprintStore = { get(): Promise<Kept[] | null>; set(rows: Kept[]): Promise<void> };
const isMade = (kept: Kept): kept is KeptMade => 'made' in kept;
export type RestoredRow = {
  table: string;
  key: string;
  outcome: 'put back' | 'removed' | 'unchanged' | 'left: written by somebody else since' | `${number} removed`;
};

const sameRow = (a: WrittenRow, b: WrittenRow): boolean =>
  a.table === b.table && canonicalJson(a.key) === canonicalJson(b.key);
const keyText = (row: WrittenRow): string =>
  Object.entries(row.key)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/**
 * Rows that a flow writes, kept durably before the first write: a flow that was killed is put back by the next one.
 * Rows go as PostgreSQL's own JSON text, so no value passes through a JavaScript number.
 */
export function openFootprint(place: TargetPlace, store: FootprintStore, signal: AbortSignal) {
  let rows: Kept[] | null = null;
  const load = async (): Promise<Kept[]> => (rows ??= (await store.get()) ?? []);
  // Putting back must also work after a cancel, so it has a time of its own.
  const onTarget = <T>(work: (client: pg.Client) => Promise<T>, readOnly: boolean) =>
    withTarget(place.dsn, work, { readOnly, signal: readOnly ? signal : AbortSignal.timeout(20_000) });
  return {
    rows: load,
    async keep(wanted: WrittenRow[]): Promise<void> {
      const kept = await load();
      const fresh = wanted.filter((row) => !kept.some((one) => !isMade(one) && sameRow(one, row)));
      if (!fresh.length) return;
      await onTarget(async (client) => {
        for (const row of fresh)
          kept.push({ ...row, before: await readRow(client, place, row), after: undefined, restored: false });
      }, true);
      await store.set(kept);
    },
    async written(wanted: WrittenRow[]): Promise<void> {
      const kept = await load();
      await onTarget(async (client) => {
        for (const one of kept)
          if (!isMade(one) && wanted.some((other) => sameRow(one, other)))
            one.after = await readRow(client, place, one);
      }, true);
      await store.set(kept);
    },
    async made(wanted: MadeRows[]): Promise<void> {
      const kept = await load();
      const fresh = wanted.filter(
        (made) => !kept.some((one) => isMade(one) && canonicalJson(one.made) === canonicalJson(made)),
      );
      if (!fresh.length) return;
      await onTarget(async (client) => {
        for (const made of fresh) {
          const there = await countMade(client, place, made);
          if (there) throw alreadyThere(made, there);
          kept.push({ made, restored: false });
        }
      }, true);
      await store.set(kept);
    },
    async restore(): Promise<RestoredRow[]> {
      const kept = await load();
      const outcomes: RestoredRow[] = [];
      // Without a written row the target is not asked at all: a rollback is checked while it is down.
      if (kept.every((row) => row.restored)) return outcomes;
      await onTarget(async (client) => {
        for (const row of kept.filter((one) => !one.restored)) {
          if (isMade(row)) {
            const outcome = `${await deleteMade(client, place, row.made)} removed` as const;
            outcomes.push({ table: row.made.table, key: madeText(row.made), outcome });
          } else outcomes.push({ table: row.table, key: keyText(row), outcome: await putBack(client, place, row) });
          row.restored = true;
        }
        await deleteStragglers(client, place, kept.filter(isMade));
      }, false);
      await store.set(kept);
      return outcomes;
    },
    /** Every kept row as it is now; equal texts mean that nothing of the flow is left. */
    async compare(): Promise<
      { table: string; key: string; before: string; now: string; equal: boolean; nowText: string | null }[]
    > {
      const kept = await load();
      if (!kept.length) return [];
      return onTarget(async (client) => {
        const compared = [];
        for (const row of kept) {
          if (isMade(row)) {
            const left = await countMade(client, place, row.made);
            const now = left ? `${left} rows` : 'no row';
            const of = { table: row.made.table, key: madeText(row.made), before: 'no row', now };
            compared.push({ ...of, equal: left === 0, nowText: left ? of.key : null });
            continue;
          }
          const now = await readRow(client, place, row);
          compared.push({
            table: row.table,
            key: keyText(row),
            before: digestOf(row.before),
            now: digestOf(now),
            equal: now === row.before,
            nowText: now,
          });
        }
        return compared;
      }, true);
    },
    async forget(): Promise<void> {
      rows = [];
      await store.set([]);
    },
  };
}
export type Footprint = ReturnType<typeof openFootprint>;

const digestOf = (text: string | null): string =>
  text === null ? 'no row' : createHash('sha256').update(text).digest('hex');
const tableOf = (place: TargetPlace, table: string): string => `${quoteIdent(place.schema)}.${quoteIdent(table)}`;

function keyClause(row: WrittenRow, from = 1): { sql: string; values: unknown[] } {
  const entries = Object.entries(row.key);
  return {
    sql: entries.map(([name], index) => `t.${quoteIdent(name)} = $${index + from}`).join(' and '),
    values: entries.map(([, value]) => value),
  };
}

async function readRow(client: pg.Client, place: TargetPlace, row: WrittenRow, lock = ''): Promise<string | null> {
  const { sql, values } = keyClause(row);
  const found = await client.query<{ text: string }>(
    `select row_to_json(t)::text as text from ${tableOf(place, row.table)} t where ${sql} ${lock}`,
    values,
  );
  return found.rows[0]?.text ?? null;
}

async function putBack(client: pg.Client, place: TargetPlace, row: KeptRow): Promise<RestoredRow['outcome']> {
  await client.query('begin');
  try {
    const now = await readRow(client, place, row, 'for update');
    const outcome =
      now === row.before
        ? 'unchanged'
        : row.after !== undefined && now !== row.after
          ? 'left: written by somebody else since'
          : row.before === null
            ? 'removed'
            : 'put back';
    if (outcome === 'removed' || outcome === 'put back') await replaceRow(client, place, row, now);
    await client.query('commit');
    return outcome;
  } catch (thrown) {
    await client.query('rollback').catch(() => undefined);
    throw thrown;
  }
}

async function replaceRow(client: pg.Client, place: TargetPlace, row: KeptRow, now: string | null): Promise<void> {
  const table = tableOf(place, row.table);
  const { sql, values } = keyClause(row, 2);
  if (row.before === null) {
    const own = keyClause(row);
    await client.query(`delete from ${table} t where ${own.sql}`, own.values);
  } else if (now === null) {
    await client.query(`insert into ${table} select * from json_populate_record(null::${table}, $1::json)`, [
      row.before,
    ]);
  } else {
    const names = Object.keys(JSON.parse(row.before) as object).map(quoteIdent);
    await client.query(
      `update ${table} t set (${names.join(', ')}) = (select ${names.map((name) => `r.${name}`).join(', ')} from json_populate_record(null::${table}, $1::json) r) where ${sql}`,
      [row.before, ...values],
    );
  }
}
