import { isUtf8 } from 'node:buffer';
import type Database from 'better-sqlite3';
import { CutoverError } from '@/lib/errors';
import type { SqliteFile } from './sqlite-file';
import { type Cell, RawText, type SourceTable } from './source';
import { countSql, pageSql, type RowOrder } from './sqlite-sql';

export type RowSelection = {
  table: SourceTable;
  columns: readonly string[];
  scope: { column: string; value: string } | null;
  order: RowOrder;
  keep?: readonly string[];
  /** Column → SQL that is read in its place. */
  reads?: Readonly<Record<string, string>>;
};
/** Rows of one page; each row holds the selected cells, then the cells of the order's key. */
export type RowPage = { rows: Cell[][]; lastKey: Cell[] };

/** A key whose text is no valid UTF-8 cannot be read on from. */
export class DamagedKey extends CutoverError {
  constructor(table: string) {
    super({
      code: 'value_not_storable',
      message: `${table} has a key whose text is damaged (invalid UTF-8).`,
      advice: 'Repair that key in the source, then retry.',
      facts: { table },
    });
  }
}

type Statement = Database.Statement<unknown[]>;
const targetPageBytes = 4 * 1024 * 1024;
const mostPageRows = 1000;

/** Reads a table page by page in the file's read transaction. Pages get shorter where rows are long, so memory stays bounded. */
export class RowReader {
  private readonly first: Statement;
  private readonly next: Statement;
  private readonly keyIn: number[] | null;
  private skims: [Statement, Statement] | null = null;
  private pageRows = 200;

  constructor(
    private readonly file: SqliteFile,
    private readonly selection: RowSelection,
  ) {
    this.first = this.prepare(false, false);
    this.next = this.prepare(true, false);
    this.keyIn = keyAmong(selection);
  }

  /** The query of a page; parameters: scope value (if scoped), last key (if after), limit. */
  sql(after: boolean, withBytes = false, withoutKey = false): string {
    const { selection } = this;
    return pageSql({ ...selection, keep: selection.keep ?? [], after, withBytes, withoutKey });
  }

  private prepare(after: boolean, withBytes: boolean, withoutKey = false): Statement {
    return this.file.db.prepare(this.sql(after, withBytes, withoutKey)).raw();
  }

  count(): bigint {
    const { scope, table, keep } = this.selection;
    const statement = this.file.db.prepare(countSql(table.name, scope, keep)).pluck();
    return (scope ? statement.get(scope.value) : statement.get()) as bigint;
  }

  /** The page after a key, or null at the end. `atMost` limits it further. */
  read(afterKey: Cell[] | null, atMost = mostPageRows): RowPage | null {
    if (afterKey?.some((cell) => cell instanceof RawText)) throw new DamagedKey(this.selection.table.name);
    const parameters = this.parameters(afterKey, atMost);
    let rows = (afterKey ? this.next : this.first).all(...parameters) as Cell[][];
    if (!rows.length) return null;
    const { bytes, suspicious } = weigh(rows);
    if (suspicious) rows = this.readExact(afterKey !== null, parameters);
    this.tune(rows.length, bytes);
    return { rows, lastKey: (rows.at(-1) as Cell[]).slice(this.selection.columns.length) };
  }

  private parameters(afterKey: Cell[] | null, atMost: number): unknown[] {
    const { scope } = this.selection;
    return [...(scope ? [scope.value] : []), ...(afterKey ?? []), Math.min(this.pageRows, atMost)];
  }

  /** Long rows make short pages. */
  tune(rows: number, bytes: number): void {
    this.pageRows = Math.max(1, Math.min(mostPageRows, Math.floor(targetPageBytes / (bytes / rows + 1))));
  }

  /**
   * The rows of a page as the driver gives them, without a look at each text: one that holds U+FFFD may be damaged in the source, and
   * then read() must read the page again. The key is not read a second time. Null at the end; undefined where the key is not among the columns.
   */
  skim(afterKey: Cell[] | null, atMost: number): RowPage | null | undefined {
    const { keyIn } = this;
    if (!keyIn) return undefined;
    this.skims ??= [this.prepare(false, false, true), this.prepare(true, false, true)];
    const rows = this.skims[afterKey ? 1 : 0].all(...this.parameters(afterKey, atMost)) as Cell[][];
    const last = rows.at(-1);
    return last ? { rows, lastKey: this.keyOf(last) } : null;
  }

  /** The key of a row that skim() has read. */
  keyOf = (row: readonly Cell[]): Cell[] => (this.keyIn ?? []).map((i) => row[i] as Cell);

  /** The same page with the bytes of each text beside it: a U+FFFD may be the source's own or the driver's. */
  private readExact(after: boolean, parameters: unknown[]): Cell[][] {
    const pairs = this.prepare(after, true).all(...parameters) as Cell[][];
    const width = this.selection.columns.length;
    return pairs.map((pair) => {
      const row: Cell[] = [];
      for (let i = 0; i < width; i += 1)
        row.push(exactText(pair[2 * i] as Cell, pair[2 * i + 1] as Buffer | null, this.file.encoding));
      return row.concat(pair.slice(2 * width));
    });
  }
}

/** Where the order's key stands among the columns; null where it does not, or another value is read in its place. */
function keyAmong({ table, columns, order, reads = {} }: RowSelection): number[] | null {
  const names = order.by === 'key' ? order.columns : table.rowidAlias === null ? [''] : [table.rowidAlias];
  const found = names.map((name) => (Object.hasOwn(reads, name) ? -1 : columns.indexOf(name)));
  return found.includes(-1) ? null : found;
}

/** The string where the bytes say exactly that, else the bytes. */
export function exactText(cell: Cell, bytes: Buffer | null, encoding: string): Cell {
  if (typeof cell !== 'string' || !bytes || !cell.includes('\ufffd')) return cell;
  if (encoding === 'UTF-8') return isUtf8(bytes) ? cell : new RawText(Buffer.from(bytes));
  const little = encoding === 'UTF-16le' ? bytes : Buffer.from(bytes).swap16();
  return (little.toString('utf16le') as string & { isWellFormed(): boolean }).isWellFormed()
    ? cell
    : new RawText(Buffer.from(bytes));
}

function weigh(rows: Cell[][]): { bytes: number; suspicious: boolean } {
  let bytes = 0;
  let suspicious = false;
  for (const row of rows)
    for (const cell of row) {
      if (typeof cell === 'string') {
        bytes += cell.length;
        if (cell.includes('\ufffd')) suspicious = true;
      } else bytes += Buffer.isBuffer(cell) ? cell.length : 8;
    }
  return { bytes, suspicious };
}
