import type { Cell } from '@/lib/sources/source';
import type { RowPage, RowReader } from '@/lib/sources/sqlite-rows';
import type { SqliteFile } from '@/lib/sources/sqlite-file';
import { batchOrder, type RowOrder } from '@/lib/sources/sqlite-sql';
import { type OnMisfit, type RowEncoder, rowEncoder } from './encode-row';
import { copyPageOf, type CopyPage } from './native/copy-page';
import { kindsOf } from './native/kinds';
import { RowBuffer } from './row-buffer';
import { type MappedTable, mappedReader } from './source-readers';
import type { ChosenRules } from './types';

/** Whole rows in the binary COPY layout, framed or bare as the reader was told. `after` is the key they begin behind, so that they can be read again by other means. */
export type EncodedPage = {
  bytes: Buffer;
  rows: number;
  after: Cell[] | null;
  firstKey: Cell[];
  lastKey: Cell[];
  native: boolean;
};
export type CellMisfit = (row: readonly Cell[], ...misfit: Parameters<OnMisfit>) => void;

const mostRows = 4096;
const mostBytes = 512 * 1024;
/** Rows that the TypeScript encoder takes from an unusual one on; twice as many each time the next stretch is no better. */
const [shortestDetour, longestDetour] = [32, 64 * 1024];

/** U+FFFD, which the driver also gives for bytes that are no text. */
const replacement = Buffer.from('\ufffd');
const exactStretch = 16;
const ignore = () => undefined;

/** Reads a table as encoded pages: through the accelerator where it can, else row by row. Both give the same bytes. */
export class EncodedReader {
  readonly plain: RowReader;
  private readonly encode: RowEncoder;
  private readonly native: { copyPage: CopyPage; kinds: string; scope: Cell[]; sql: [string, string] } | null;
  private capacity = 64 * 1024;
  private ended = false;
  private detour = 0;
  private nextDetour = shortestDetour;
  /** Pages still to be read with an eye on every text, after one that needed it. */
  private exactPages = 0;
  private readonly ruled: boolean;

  constructor(
    file: SqliteFile,
    one: MappedTable,
    rules: ChosenRules,
    private readonly onMisfit: CellMisfit,
    order: RowOrder = batchOrder(one.table),
    /** Each row as the server would send it: a message of its own. */
    private readonly framed = false,
  ) {
    this.plain = mappedReader(file, one, order);
    this.encode = rowEncoder(one.mapping, rules);
    this.ruled = rules.length > 0;
    const kinds = kindsOf(one.mapping);
    const { copyPage } = kinds === null ? { copyPage: null } : copyPageOf(file);
    const scope = one.mapping.scope ? [one.mapping.scope.value] : [];
    const sql: [string, string] = [this.plain.sql(false), this.plain.sql(true)];
    this.native = copyPage && kinds !== null ? { copyPage, kinds, scope, sql } : null;
  }

  /** The page behind a key, or null at the end. A reader is read from front to back. */
  read(after: Cell[] | null, atMost = mostRows): EncodedPage | null {
    if (this.ended) return null;
    if (!this.native || this.detour > 0) return this.readPlain(after, atMost);
    const limit = Math.min(atMost, mostRows);
    const { copyPage, kinds, scope, sql } = this.native;
    const parameters = [...scope, ...(after ?? []), BigInt(limit)];
    const page = copyPage(
      sql[after ? 1 : 0],
      kinds,
      { framed: this.framed, rows: limit, bytes: mostBytes },
      parameters,
    );
    if (page.state === 'unusual') {
      this.nextDetour = page.rows > this.nextDetour ? shortestDetour : Math.min(longestDetour, this.nextDetour * 2);
      this.detour = this.nextDetour;
      if (!page.rows) return this.readPlain(after, atMost);
    }
    if (page.state === 'end') this.ended = true;
    return page.rows ? { ...page, after, native: true } : null;
  }

  private readPlain(after: Cell[] | null, atMost: number): EncodedPage | null {
    const most = this.native ? Math.min(atMost, this.detour) : atMost;
    const quick = this.exactPages > 0 ? undefined : this.skim(after, most);
    if (quick !== undefined) return quick;
    this.exactPages = quick === undefined && this.exactPages === 0 ? exactStretch : this.exactPages - 1;
    const page = this.plain.read(after, most);
    if (!page) return null;
    const out = new RowBuffer(this.capacity);
    for (const row of page.rows) this.add(row, out, (...misfit) => this.onMisfit(row, ...misfit));
    const firstKey = (page.rows[0] as Cell[]).slice(-page.lastKey.length);
    return this.encoded(out, page, firstKey, after);
  }

  /** The page at its shortest way, where every cell fits as it is and no text of it could be a damaged one; else undefined. */
  private skim(after: Cell[] | null, atMost: number): EncodedPage | null | undefined {
    const page = this.ruled ? undefined : this.plain.skim(after, atMost);
    if (!page) return page;
    const out = new RowBuffer(this.capacity);
    for (const row of page.rows) if (!this.add(row, out, ignore)) return undefined;
    const bytes = out.view();
    if (bytes.includes(replacement)) return undefined;
    this.plain.tune(page.rows.length, bytes.length);
    return this.encoded(out, page, this.plain.keyOf(page.rows[0] as Cell[]), after);
  }

  /** Encodes a row behind those that are there. Returns whether every cell fits. */
  add(row: readonly Cell[], out: RowBuffer, onMisfit: OnMisfit): boolean {
    if (!this.framed) return this.encode(row, out, onMisfit);
    const start = out.openFrame();
    const fits = this.encode(row, out, onMisfit);
    out.closeFrame(start);
    return fits;
  }

  private encoded(out: RowBuffer, { rows, lastKey }: RowPage, firstKey: Cell[], after: Cell[] | null): EncodedPage {
    this.detour -= rows.length;
    this.capacity = out.bytes.length;
    return { bytes: out.view(), rows: rows.length, after, firstKey, lastKey, native: false };
  }
}
