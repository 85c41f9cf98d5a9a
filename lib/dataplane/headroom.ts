import { quoteIdent } from '@/lib/sources/quote';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import { formatCount } from '@/lib/shared/format';
import { finding } from './findings';
import type { Finding, TableMapping } from './types';

/** The last id of a type. */
export const lastIds: Record<string, bigint> = { int2: 0x7fffn, int4: 0x7fff_ffffn, int8: 0x7fff_ffff_ffff_ffffn };

/** Of bigint so few ids must be left: keys may be random numbers of 63 bits. */
const fewLeft = 0x7fff_ffffn;

/** Ids that fit today and run out some day: more than half of the type is used up. */
export const headroomFindings = ({ db }: SqliteFile, mapping: TableMapping): Finding[] =>
  mapping.columns.flatMap(({ source, type }) => {
    const last = lastIds[type.type];
    if (last === undefined || !(type.identity || type.sequence)) return [];
    const [largest] = db
      .prepare(
        `select max(${quoteIdent(source)}) from ${quoteIdent(mapping.source)}${rowsWhere(mapping.scope, [], [`typeof(${quoteIdent(source)}) = 'integer'`])}`,
      )
      .pluck()
      .all(...(mapping.scope ? [mapping.scope.value] : [])) as (bigint | null)[];
    if (typeof largest !== 'bigint' || largest <= (type.type === 'int8' ? last - fewLeft : last / 2n) || largest > last)
      return [];
    return [
      finding({
        code: 'identity_headroom',
        table: mapping.source,
        column: source,
        sample: [{ key: String(largest), value: `largest ${source}` }],
        rules: type.type === 'int8' ? ['accept'] : ['widen-to-bigint', 'accept'],
        message:
          largest === last
            ? `${mapping.source}.${source} holds ${last}, the last id of ${type.typeText}: its sequence has no next value, so every insert that leaves the id to the target fails.`
            : `${mapping.source}.${source} is near its end: ${formatCount(last - largest)} ids are left of ${type.typeText}.`,
      }),
    ];
  });
