import type { Cell, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { countSql } from '@/lib/sources/sqlite-sql';
import { quoteIdent } from '@/lib/sources/quote';
import { finding } from './findings';
import { sampleText } from './sample-text';
import type { Finding, TableMapping, TargetTable } from './types';

const mostSamples = 5;

/** A unique index of the target with a condition or with expressions, in terms of the source; null where SQLite cannot say the same. */
type Readable = { terms: string[]; notNull: string[]; where: string[] };

/** Rows that a partial unique index, or one over expressions, of the target would refuse. Others of the kind are met by the load. */
export function uniqueIndexFindings(
  { db }: SqliteFile,
  mapping: TableMapping,
  table: SourceTable,
  goal: TargetTable,
): Finding[] {
  return goal.indexes.flatMap(({ name, definition }) => {
    if (goal.uniqueKeys.some((key) => key.name === name)) return [];
    const index = readIndex(definition, mapping);
    if (!index) return [];
    const { terms, notNull, where } = index;
    const all = [...mapping.keep.map(({ sql }) => sql), ...where, ...notNull.map((one) => `${one} is not null`)];
    const from = countSql(table.name, mapping.scope, all).replace(
      'select count(*)',
      `select ${terms.join(', ')}, count(*)`,
    );
    const rows = db
      .prepare(`${from} group by ${terms.join(', ')} having count(*) > 1`)
      .raw()
      .all(...(mapping.scope ? [mapping.scope.value] : [])) as Cell[][];
    if (!rows.length) return [];
    return [
      finding({
        code: 'duplicate_key',
        table: table.name,
        column: name,
        count: rows.reduce((sum, row) => sum + (row.at(-1) as bigint), 0n),
        sample: rows
          .slice(0, mostSamples)
          .map((row) => ({ key: row.slice(0, -1).map(sampleText).join(', '), value: `${row.at(-1)} rows` })),
        message: `${table.name} holds rows that are alike under the target’s unique index ${name} ${definition.replace(/^.* USING \w+ /, '')}. The source never had such an index: its owner must say which of them is right, there.`,
      }),
    ];
  });
}

function readIndex(definition: string, mapping: TableMapping): Readable | null {
  const parts = /^CREATE UNIQUE INDEX .* USING btree \((.*?)\)(?: NULLS NOT DISTINCT)?(?: WHERE \((.*)\))?$/s.exec(
    definition,
  );
  if (!parts || definition.includes('NULLS NOT DISTINCT')) return null;
  const columnOf = (name: string): string | null => {
    const plain = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
    const column = mapping.columns.find(({ target }) => target === plain);
    return column ? quoteIdent(column.source) : null;
  };
  const read: Readable = { terms: [], notNull: [], where: [] };
  for (const term of splitTerms(parts[1] ?? '')) {
    const plain = /^("(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)$/.exec(term)?.[1];
    const [, inside, literal] =
      /^COALESCE\(("(?:[^"]|"")+"|[a-z_][a-z0-9_$]*), ('(?:[^']|'')*')::[\w ]+\)$/.exec(term) ?? [];
    const column = columnOf(plain ?? inside ?? '');
    if (!column) return null;
    read.terms.push(literal === undefined ? column : `coalesce(${column}, ${literal})`);
    if (literal === undefined) read.notNull.push(column);
  }
  for (const condition of parts[2]?.split(/\) AND \(/) ?? []) {
    const name = /^\(*("(?:[^"]|"")+"|[a-z_][a-z0-9_$]*) IS NOT NULL\)*$/.exec(condition)?.[1];
    const column = columnOf(name ?? '');
    if (!column) return null;
    read.where.push(`${column} is not null`);
  }
  return read;
}

/** At commas outside of brackets and quotes. */
function splitTerms(text: string): string[] {
  const terms = [''];
  let depth = 0;
  let quote = '';
  for (const char of text) {
    if (quote) quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (char === ',' && !depth && !quote) terms.push('');
    else terms[terms.length - 1] += char;
  }
  return terms.map((term) => term.trim());
}
