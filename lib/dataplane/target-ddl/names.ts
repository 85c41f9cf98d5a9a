import { createHash } from 'node:crypto';
import type { SourceSchema } from '@/lib/sources/source';
import type { Renames } from './design-types';

const mostBytes = 63;
/** Columns of a PostgreSQL table. */
export const mostColumns = 1600;
const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);
const mark = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 8);

/** At most 63 bytes, cut between characters, with a digest of the whole name. */
export function shortName(name: string): string {
  if (Buffer.byteLength(name) <= mostBytes) return name;
  let cut = '';
  for (const letter of name) {
    if (Buffer.byteLength(cut + letter) > mostBytes - 9) break;
    cut += letter;
  }
  return `${cut}_${mark(name)}`;
}

/** Tools that write a database as text take a line break in a name for the end of a comment, and run what follows it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
export const holdsControl = (name: string): boolean => /[\u0000-\u001f\u007f]/.test(name);

/** The name PostgreSQL can take: short enough, not empty, without control characters, no system column's. */
function fittingName(name: string, column: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const printable = name.replace(/[\u0000-\u001f\u007f]/g, '_');
  if (printable === '') return column ? 'unnamed' : 'unnamed_table';
  if (column && systemColumns.has(printable)) return `${printable}_`;
  return shortName(printable);
}

/** Gives out names, each once. */
export class Names {
  private readonly taken = new Set<string>();

  take(wanted: string, salt = wanted): string {
    const name = shortName(wanted);
    const free = this.taken.has(name) ? shortName(`${name}_${mark(salt)}`) : name;
    if (this.taken.has(free)) return this.take(`${free}_`, salt);
    this.taken.add(free);
    return free;
  }

  has(name: string): boolean {
    return this.taken.has(name);
  }
}

/** Target names of all tables and columns: declared ones first, then names that fit, then those that had to change. */
export function nameMap(source: SourceSchema, declared: Renames): Renames {
  const tables = renamed(
    source.tables.map(({ name }) => name),
    declared.tables,
    false,
  );
  const columns = Object.create(null) as Record<string, Record<string, string>>;
  for (const table of source.tables) {
    const names = renamed(
      table.columns.map(({ name }) => name),
      columnsOf(declared, table.name),
      true,
    );
    if (Object.keys(names).length) columns[table.name] = names;
  }
  return { tables, columns };
}

function renamed(
  names: readonly string[],
  declared: Readonly<Record<string, string>>,
  column: boolean,
): Record<string, string> {
  const given = new Names();
  const map: Record<string, string> = Object.create(null) as Record<string, string>;
  const declaredFor = (name: string) => (Object.hasOwn(declared, name) ? declared[name] : undefined);
  for (const name of names) {
    const wanted = declaredFor(name);
    if (wanted !== undefined) map[name] = given.take(wanted, name);
  }
  const rest = names.filter((name) => declaredFor(name) === undefined);
  for (const name of rest.filter((one) => fittingName(one, column) === one)) {
    const free = given.take(name);
    if (free !== name) map[name] = free;
  }
  for (const name of rest.filter((one) => fittingName(one, column) !== one))
    map[name] = given.take(fittingName(name, column), name);
  return map;
}

/** A table may be named `constructor`: only what was put there counts. */
export const columnsOf = ({ columns }: Renames, table: string): Readonly<Record<string, string>> =>
  Object.hasOwn(columns, table) ? (columns[table] ?? {}) : {};
export const targetName = (renames: Renames, table: string): string =>
  Object.hasOwn(renames.tables, table) ? (renames.tables[table] as string) : table;
export function targetColumnName(renames: Renames, table: string, column: string): string {
  const names = columnsOf(renames, table);
  return Object.hasOwn(names, column) ? (names[column] as string) : column;
}
export const noRenames: Renames = { tables: {}, columns: {} };
