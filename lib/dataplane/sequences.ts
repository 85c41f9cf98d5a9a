import type pg from 'pg';
import { quoteIdent, quoteText } from '@/lib/sources/quote';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { textRows } from './connect-target';
import { lastIds } from './headroom';
import { targetPath } from './target-sql';
import type { SequenceProof, TableMapping } from './types';

/** The highest id the source ever gave: the greatest in the table, and SQLite's own memory of deleted ones. */
function highestGiven({ db }: SqliteFile, mapping: TableMapping, column: string): bigint {
  const most = db
    .prepare(
      `select max(${quoteIdent(column)}) from ${quoteIdent(mapping.source)} where typeof(${quoteIdent(column)}) = 'integer'`,
    )
    .pluck()
    .get() as bigint | null;
  const remembers = db.prepare("select 1 from sqlite_schema where name = 'sqlite_sequence'").get();
  const memory = remembers
    ? (db.prepare('select max(seq) from sqlite_sequence where name = ?').pluck().get(mapping.source) as
        | bigint
        | undefined)
    : undefined;
  return [most ?? 0n, typeof memory === 'bigint' ? memory : 0n].reduce((a, b) => (a > b ? a : b));
}

/** Sets every sequence behind a mapped column beyond all ids of both sides, and proves it: the next value is greater than the greatest. */
export async function setMappedSequences(
  client: pg.Client,
  file: SqliteFile,
  mappings: readonly TableMapping[],
  write: boolean,
): Promise<SequenceProof[]> {
  const proofs: SequenceProof[] = [];
  for (const mapping of mappings)
    for (const { source, target, type } of mapping.columns) {
      if (!type.sequence) continue;
      const [there] = await textRows<{ max: string | null }>(
        client,
        `select max(${quoteIdent(target)})::text as max from ${targetPath(mapping)}`,
      );
      const given = highestGiven(file, mapping, source);
      const max = BigInt(there?.max ?? 0) > given ? BigInt(there?.max ?? 0) : given;
      const literal = quoteText(type.sequence);
      if (write && max > 0n)
        await client.query(
          `select setval(${literal}, greatest(${max}, (select last_value from ${type.sequence})), true)`,
        );
      const [state] = await textRows<{ next: string; last: string }>(
        client,
        `
        select (s.last_value::numeric + case when s.is_called then p.increment_by else 0 end)::text as next,
          p.max_value::text as last
        from ${type.sequence} s, pg_sequences p
        where format('%I.%I', p.schemaname, p.sequencename)::regclass = ${literal}::regclass`,
      );
      const next = BigInt(state?.next ?? 0);
      const last = BigInt(state?.last ?? 0);
      const isSpent = next > last;
      proofs.push({
        table: mapping.source,
        column: source,
        sequence: type.sequence,
        max: max.toString(),
        next: isSpent ? 'none is left' : next.toString(),
        // A key at the end of its type was accepted as a finding; any other sequence must be able to go on.
        passed: next > max && (!isSpent || max === lastIds[type.type]),
      });
    }
  return proofs;
}
