import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { CellShown, DifferingRow, RowDiffSummary } from '@/lib/shared/evidence';
import { canonicalJson } from '@/lib/shared/json';
import { quoteIdent, quotePath } from '@/lib/sources/quote';
import { inTransaction, textRows, withTarget } from './connect-target';
import { cutText } from './show-cell';
import type { TargetPlace } from './types';

const mostSamples = 50;
const mostChars = 400;
type Table = { name: string; columns: { name: string; type: string }[]; key: string[] };
type Counts = Omit<RowDiffSummary['tables'][number], 'table' | 'rangeDigests'>;

/**
 * Two schemas of one database, row by row by primary key, in one moment: `before` as the source, the profile's schema as the
 * target. A table without a key, or with other columns on one side, is named as not compared.
 */
export function compareSchemas(place: TargetPlace, before: string, signal?: AbortSignal): Promise<RowDiffSummary> {
  return withTarget(
    place.dsn,
    (client) =>
      inTransaction(
        client,
        async () => {
          const [old, now] = [await tablesOf(client, before), await tablesOf(client, place.schema)];
          const fits = (table: Table) => {
            const other = old.find(({ name }) => name === table.name);
            return table.key.length > 0 && canonicalJson(other ?? null) === canonicalJson(table);
          };
          const compared = now.filter(fits);
          const names = [...new Set([...old, ...now].map(({ name }) => name))];
          const notCompared = names.filter((name) => !compared.some((table) => table.name === name));
          const tables: RowDiffSummary['tables'] = [];
          const sample: DifferingRow[] = [];
          for (const table of compared) {
            const pair = pairSql(table, before, place.schema);
            tables.push({ table: table.name, ...(await countPairs(client, pair)), rangeDigests: 1 });
            if (sample.length < mostSamples)
              sample.push(...(await samplePairs(client, table, pair, mostSamples - sample.length)));
          }
          const sum = (part: keyof Counts) => tables.reduce((all, one) => all + BigInt(one[part]), 0n).toString();
          return {
            ...{ equal: sum('equal'), differing: sum('differing'), missing: sum('missing'), extra: sum('extra') },
            notCompared: notCompared.map((name) => `${name}: no key, or other columns`),
            tables,
            sample,
            holdsAt: `schema ${before}`,
            digest: createHash('sha256').update(canonicalJson({ tables, sample })).digest('hex'),
          };
        },
        'begin isolation level repeatable read read only',
      ),
    { signal },
  );
}

async function tablesOf(client: pg.Client, schema: string): Promise<Table[]> {
  const rows = await textRows<{ name: string; columns: string; key: string | null }>(
    client,
    `select c.relname as name,
       (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text as columns,
       (select json_agg(a.attname order by k.n) from pg_index i, unnest(i.indkey::int2[]) with ordinality k(attnum, n)
        join pg_attribute a on a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid)::text as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p') order by c.relname collate "C"`,
    [schema],
  );
  return rows.map(({ name, columns, key }) => ({
    name,
    columns: JSON.parse(columns) as Table['columns'],
    key: JSON.parse(key ?? '[]') as string[],
  }));
}

/** Names that no table has for a column, since one of a column's name would be taken for it. */
const was = 'cutover_was';
const is = 'cutover_is';

/** One line a key: the row as it was, as it is, and what became of it. */
function pairSql({ name, key }: Table, before: string, now: string): string {
  const on = key.map((column) => `${was}.${quoteIdent(column)} = ${is}.${quoteIdent(column)}`).join(' and ');
  const first = quoteIdent(key[0] ?? '');
  return `(select ${was}, ${is}, case when ${was}.${first} is null then 'extra' when ${is}.${first} is null then 'missing'
      when ${was}::text = ${is}::text then 'equal' else 'differing' end as kind
    from ${quotePath(before, name)} ${was} full join ${quotePath(now, name)} ${is} on ${on}) pair`;
}

async function countPairs(client: pg.Client, pair: string): Promise<Counts> {
  const found = await textRows<{ kind: string; n: string }>(
    client,
    `select kind, count(*)::text as n from ${pair} group by kind`,
  );
  const of = (kind: string): string => found.find((row) => row.kind === kind)?.n ?? '0';
  const rows = found.reduce((all, { kind, n }) => (kind === 'extra' ? all : all + BigInt(n)), 0n).toString();
  return { rows, equal: of('equal'), differing: of('differing'), missing: of('missing'), extra: of('extra') };
}

async function samplePairs(client: pg.Client, table: Table, pair: string, most: number): Promise<DifferingRow[]> {
  const list = (side: string) =>
    `to_json(array[${table.columns.map(({ name }) => `(${side}).${quoteIdent(name)}::text`).join(', ')}])::text`;
  const rows = await textRows<{ kind: DifferingRow['kind']; old_text: string; new_text: string }>(
    client,
    `select kind, ${list(was)} as old_text, ${list(is)} as new_text from ${pair} where kind <> 'equal' limit ${most}`,
  );
  return rows.map(({ kind, old_text: oldText, new_text: newText }) => {
    const [old, now] = [JSON.parse(oldText) as (string | null)[], JSON.parse(newText) as (string | null)[]];
    const at = (column: string): string => {
      const index = table.columns.findIndex(({ name }) => name === column);
      return (kind === 'extra' ? now : old)[index] ?? '';
    };
    return {
      table: table.name,
      key: table.key.map((column) => `${column}=${at(column)}`).join(', '),
      kind,
      cells: table.columns.flatMap(({ name, type }, i) =>
        kind === 'differing' && old[i] === now[i]
          ? []
          : [
              {
                column: name,
                source: kind === 'extra' ? null : cell(old[i] ?? null, type),
                target: kind === 'missing' ? null : cell(now[i] ?? null, type),
              },
            ],
      ),
    };
  });
}

const cell = (text: string | null, type: string): CellShown => ({
  text: text === null ? null : cutText(text, mostChars),
  type,
  ...(text !== null && text.length > mostChars ? { truncated: true } : {}),
});
