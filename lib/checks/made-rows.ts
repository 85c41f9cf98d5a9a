import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { quoteIdent, type TargetPlace } from '@/lib/dataplane';
import type { MadeRows } from '@/lib/fleet/flow-schema';
import { CutoverError } from '@/lib/errors';
import { countWords } from '@/lib/shared/words';

/** Rows that a check's call makes under keys the service chooses; found again by what the call said. */
export type KeptMade = { made: MadeRows; restored: boolean };

/** More than this no check of ours makes: a condition that fits them fits rows of the tenant. */
const mostRows = 1000;

export const madeText = ({ where }: MadeRows): string =>
  Object.entries(where)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

export async function countMade(client: pg.Client, place: TargetPlace, made: MadeRows): Promise<number> {
  const { sql, values } = whereClause(made);
  const found = await client.query<{ n: string }>(
    `select count(*) as n from ${tableOf(place, made)} t where ${sql}`,
    values,
  );
  return Number(found.rows[0]?.n);
}

/** @throws CutoverError smoke_failed, and nothing is deleted, where so many rows fit that they cannot be a check's */
export async function deleteMade(client: pg.Client, place: TargetPlace, made: MadeRows): Promise<number> {
  const { sql, values } = whereClause(made);
  await client.query('begin');
  try {
    const { rowCount } = await client.query(`delete from ${tableOf(place, made)} t where ${sql}`, values);
    if ((rowCount ?? 0) > mostRows) throw tooMany(made, rowCount ?? 0);
    await client.query('commit');
    return rowCount ?? 0;
  } catch (thrown) {
    await client.query('rollback').catch(() => undefined);
    throw thrown;
  }
}

const stragglerRounds = 3;
const stragglerMs = 200;

/** A worker of the service may still write of what it had in hand when its rows went: looks again until a look finds none. */
export async function deleteStragglers(client: pg.Client, place: TargetPlace, kept: KeptMade[]): Promise<void> {
  for (let round = 0; kept.length > 0 && round < stragglerRounds; round += 1) {
    await sleep(stragglerMs);
    let removed = 0;
    for (const { made } of kept) removed += await deleteMade(client, place, made);
    if (!removed) return;
  }
}

const tableOf = (place: TargetPlace, { table }: MadeRows): string => `${quoteIdent(place.schema)}.${quoteIdent(table)}`;

/** `column`, or `column/member/…` of a JSON column. */
function whereClause({ where }: MadeRows): { sql: string; values: unknown[] } {
  const parts = Object.entries(where).map(([name, _], at) => {
    const [column = '', ...members] = name.split('/');
    const path = `{${members.map((one) => `"${one.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
    const value = members.length ? `#>> '${path.replaceAll("'", "''")}'` : '';
    return `(t.${quoteIdent(column)}${value ? `::jsonb ${value}` : ''})::text = $${at + 1}`;
  });
  return { sql: parts.join(' and '), values: Object.values(where).map(String) };
}

export const alreadyThere = (made: MadeRows, rows: number): CutoverError =>
  new CutoverError({
    code: 'smoke_failed',
    message: `${countWords(rows, 'row')} of ${made.table} fit ${madeText(made)} before the check has made any.`,
    advice: 'Let the call of the flow carry ${mark}, and name it in `makes`, so that only its own rows fit.',
  });

const tooMany = (made: MadeRows, rows: number): CutoverError =>
  new CutoverError({
    code: 'smoke_failed',
    message: `${rows} rows of ${made.table} fit ${madeText(made)}; so many are not a check's, and none was deleted.`,
    advice: 'Correct `makes` in the flow, then remove what the check has written by hand.',
  });
