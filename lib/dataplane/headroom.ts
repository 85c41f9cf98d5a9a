import { quoteIdent } from '@/lib/sources/quote';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import { formatCount } from '@/lib/shared/format';
import { finding } from './findings';
import type { Finding, TableMapping } from './types';

const most: Record<string, bigint> = { int2: 0x7fffn, int4: 0x7fff_ffffn };

/** Ids that fit today and run out some day: more than half of the type is used up. */
export const headroomFindings = ({ db }: SqliteFile, mapping: TableMapping): Finding[] =>
  mapping.columns.flatMap(({ source, type }) => {
    const last = most[type.type];
    if (last === undefined || !(type.identity || type.sequence)) return [];
    const [largest] = db
      .prepare(
        `select max(${quoteIdent(source)}) from ${quoteIdent(mapping.source)}${rowsWhere(mapping.scope, [], [`typeof(${quoteIdent(source)}) = 'integer'`])}`,
      )
      .pluck()
      .all(...(mapping.scope ? [mapping.scope.value] : [])) as (bigint | null)[];
    if (typeof largest !== 'bigint' || largest <= last / 2n || largest > last) return [];
    return [
      finding({
        code: 'identity_headroom',
        table: mapping.source,
        column: source,
        sample: [{ key: String(largest), value: `largest ${source}` }],
        rules: ['widen-to-bigint', 'accept'],
        message: `${mapping.source}.${source} is near its end: ${formatCount(last - largest)} ids are left of ${type.typeText}.`,
      }),
    ];
  });
