import { quoteIdent } from '@/lib/sources/quote';
import type { SourceSchema, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import type { SourceScope } from '@/lib/dataplane/types';
import type { ClassProfile, ColumnClasses, TableClasses } from './design-types';

/** Columns asked for at once: SQLite takes at most 2000 results a query. */
const columnsAQuery = 60;
const cells = 7;

/** Counts the storage classes of every column of the profile's rows: one pass over each table, values stay where they are. */
export function profileClasses(
  file: SqliteFile,
  source: SourceSchema,
  scope: SourceScope,
  signal?: AbortSignal,
): ClassProfile {
  const profile = new Map<string, TableClasses>();
  for (const table of source.tables) {
    signal?.throwIfAborted();
    profile.set(table.name, profileTable(file, table, scope));
  }
  return profile;
}

function profileTable({ db }: SqliteFile, table: SourceTable, scope: SourceScope): TableClasses {
  const values = table.scopeColumn ? [scope.sourceId] : [];
  const from = ` from ${quoteIdent(table.name)}${rowsWhere(table.scopeColumn ? { column: table.scopeColumn } : null, [])}`;
  const columns = new Map<string, ColumnClasses>();
  let rows = 0n;
  for (let at = 0; at < table.columns.length; at += columnsAQuery) {
    const some = table.columns.slice(at, at + columnsAQuery);
    const terms = some.flatMap(({ name }) => classTerms(quoteIdent(name)));
    const counted = db
      .prepare(`select count(*), ${terms.join(', ')}${from}`)
      .raw()
      .get(...values) as (bigint | null)[];
    rows = counted[0] ?? 0n;
    some.forEach(({ name }, i) => {
      columns.set(name, classesOf(rows, counted.slice(1 + i * cells, 1 + (i + 1) * cells)));
    });
  }
  const broken = new Map<string, bigint>();
  for (const { sql } of table.checks) {
    const count = countBroken(() =>
      db
        .prepare(`select count(*)${from}${from.includes(' where ') ? ' and' : ' where'} not (${sql}\n)`)
        .pluck()
        .get(...values),
    );
    if (count) broken.set(sql, count);
  }
  return { rows, columns, broken };
}

/** A check that cannot be evaluated here (a function of the application's own) is not translated either. */
function countBroken(count: () => unknown): bigint {
  try {
    return count() as bigint;
  } catch {
    return 0n;
  }
}

const classTerms = (name: string): string[] => [
  ...['integer', 'real', 'text', 'blob'].map((type) => `total(typeof(${name}) = '${type}')`),
  `total(typeof(${name}) = 'integer' and ${name} not in (0, 1))`,
  `total(typeof(${name}) = 'real' and (${name} > 1.7976931348623157e308 or ${name} < -1.7976931348623157e308))`,
  `sum(${name} is null)`,
];

function classesOf(rows: bigint, counted: readonly (bigint | number | null)[]): ColumnClasses {
  const [integer, real, text, blob, notBits, infinite, none] = counted.map((value) => BigInt(value ?? 0)) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return {
    null: rows ? none : 0n,
    integer,
    real,
    text,
    blob,
    onlyBits: notBits === 0n,
    finite: infinite === 0n,
  };
}
