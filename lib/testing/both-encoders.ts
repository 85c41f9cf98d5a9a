import { EncodedReader } from '@/lib/dataplane/encoded-reader';
import { copyPageOf } from '@/lib/dataplane/native/copy-page';
import type { ChosenRules, TableMapping, TargetColumn } from '@/lib/dataplane/types';
import type { Cell, SourceTable } from '@/lib/sources/source';
import { type SqliteFile, withSqlite } from '@/lib/sources/sqlite-file';
import { readSourceSchema } from '@/lib/sources/sqlite-schema';

/** For tests: rows as the accelerator and as the TypeScript encoder alone give them. */
export const targetColumn = (type: string, more: Partial<TargetColumn> = {}): TargetColumn => ({
  name: type,
  type,
  typeText: type,
  maxChars: null,
  precision: null,
  scale: null,
  notNull: false,
  defaultSql: null,
  identity: false,
  generated: false,
  sequence: null,
  ...more,
});

export type EncodedTable = { table: string; bytes: string; rows: number; misfits: string[]; native: number };
type Ask = {
  accelerated: boolean;
  /** The target's type for a column of the source. */
  typeOf(column: string): TargetColumn;
  rules?: ChosenRules;
  pageRows?: number | undefined;
};

/** Every table of the file; `reason` says why the accelerator was not used. */
export function encodeFile(path: string, ask: Ask): { tables: EncodedTable[]; reason: string } {
  process.env.CUTOVER_ACCELERATOR = ask.accelerated ? 'on' : 'off';
  try {
    return withSqlite({ path, allowedRoots: ['/'] }, (file) => {
      const { reason } = copyPageOf(file);
      const { tables } = readSourceSchema(file, { sourceId: '', scopeColumn: null, scopeColumns: {} });
      return { reason, tables: tables.map((table) => encodeTable(file, table, ask)) };
    });
  } finally {
    delete process.env.CUTOVER_ACCELERATOR;
  }
}

function encodeTable(file: SqliteFile, table: SourceTable, { typeOf, rules = [], pageRows }: Ask): EncodedTable {
  const mapping: TableMapping = {
    source: table.name,
    target: { schema: 's', table: table.name },
    columns: table.columns.map(({ name }) => {
      const type = typeOf(name);
      return { source: name, target: name, type, notNull: type.notNull };
    }),
    scope: null,
    keep: [],
    shared: null,
    key: [],
  };
  const found: EncodedTable = { table: table.name, bytes: '', rows: 0, misfits: [], native: 0 };
  const reader = new EncodedReader(file, { mapping, table }, rules, (_, i, misfit) =>
    found.misfits.push(`${i} ${misfit}`),
  );
  const parts: Buffer[] = [];
  for (let after: Cell[] | null = null; ; ) {
    const page = reader.read(after, pageRows);
    if (!page) break;
    parts.push(Buffer.from(page.bytes));
    after = page.lastKey;
    found.rows += page.rows;
    if (page.native) found.native += page.rows;
  }
  return { ...found, bytes: Buffer.concat(parts).toString('hex') };
}
