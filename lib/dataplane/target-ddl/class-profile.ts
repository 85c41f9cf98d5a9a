import { quoteIdent } from '@/lib/sources/quote';
import type { SourceColumn, SourceSchema, SourceTable } from '@/lib/sources/source';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { rowsWhere } from '@/lib/sources/sqlite-sql';
import type { SourceScope } from '@/lib/dataplane/types';
import { affinityOf, isBoolean } from './column-type';
import type { ClassProfile, ColumnClasses, TableClasses } from './design-types';

/** Columns asked for at once: SQLite takes at most 2000 results a query. */
const columnsAQuery = 200;
/** Two counts share one sum, so that each value's class is asked for once: counts stay below 2^31. */
const shift = 31n;
const low = (1n << shift) - 1n;

/** Counts the storage classes of every column of the profile's rows: two passes over each table at most, values stay where they are. */
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

type Ask = (terms: readonly string[]) => bigint[];

function profileTable({ db }: SqliteFile, table: SourceTable, scope: SourceScope): TableClasses {
  const values = table.scopeColumn ? [scope.sourceId] : [];
  const from = ` from ${quoteIdent(table.name)}${rowsWhere(table.scopeColumn ? { column: table.scopeColumn } : null, [])}`;
  const ask: Ask = (terms) => {
    const answers: bigint[] = [];
    for (let at = 0; at < terms.length; at += columnsAQuery) {
      const some = terms.slice(at, at + columnsAQuery);
      const row = db
        .prepare(`select ${some.join(', ')}${from}`)
        .raw()
        .get(...values) as (bigint | number | null)[];
      answers.push(...row.map((value) => BigInt(value ?? 0)));
    }
    return answers;
  };
  const [rows = 0n] = ask(['count(1)']);
  const columns = rows ? classesOf(table.columns, rows, ask) : new Map<string, ColumnClasses>();
  return { rows, columns, broken: rows ? brokenChecks(table, ask) : new Map() };
}

const packed = (name: string, one: string, other: string): string =>
  `sum(case typeof(${name}) when '${one}' then 1 when '${other}' then ${1n << shift} else 0 end)`;

function classesOf(all: readonly SourceColumn[], rows: bigint, ask: Ask): Map<string, ColumnClasses> {
  const first = ask(all.map(({ name }) => packed(quoteIdent(name), 'integer', 'text')));
  const found = all.map((column, i) => {
    const [integer, text] = [(first[i] as bigint) & low, (first[i] as bigint) >> shift];
    return { column, classes: { null: 0n, integer, real: 0n, text, blob: 0n, onlyBits: false, finite: true } };
  });
  const unsure = found.filter(({ classes }) => classes.integer + classes.text < rows);
  ask(unsure.map(({ column }) => packed(quoteIdent(column.name), 'real', 'blob'))).forEach((sum, i) => {
    const { classes } = unsure[i] as (typeof unsure)[number];
    classes.real = sum & low;
    classes.blob = sum >> shift;
    classes.null = rows - classes.integer - classes.text - classes.real - classes.blob;
  });
  const bits = found.filter(({ column, classes }) => isBoolean(column.declared) && classes.integer);
  ask(bits.map(({ column }) => `max(${quoteIdent(column.name)} not in (0, 1))`)).forEach((other, i) => {
    (bits[i] as (typeof bits)[number]).classes.onlyBits = other === 0n;
  });
  const reals = found.filter(({ column, classes }) => classes.real && affinityOf(column.declared) !== 'real');
  ask(reals.map(({ column }) => infiniteSql(quoteIdent(column.name)))).forEach((infinite, i) => {
    (reals[i] as (typeof reals)[number]).classes.finite = infinite === 0n;
  });
  return new Map(found.map(({ column, classes }) => [column.name, classes]));
}

const infiniteSql = (name: string): string =>
  `max(typeof(${name}) = 'real' and (${name} > 1.7976931348623157e308 or ${name} < -1.7976931348623157e308))`;

/** Rows of each check that does not hold. One that cannot be evaluated here (a function of the application's own) is not translated either. */
function brokenChecks({ checks }: SourceTable, ask: Ask): Map<string, bigint> {
  const terms = checks.map(({ sql }) => `total(not (${sql}\n))`);
  const count = (some: string[]): bigint[] => {
    try {
      return ask(some);
    } catch {
      return some.length > 1 ? some.flatMap((term) => count([term])) : [0n];
    }
  };
  const counts = count(terms);
  return new Map(checks.flatMap(({ sql }, i) => (counts[i] ? [[sql, counts[i] as bigint] as const] : [])));
}
