import type { StagedColumn, StagedFinding } from './json-store/store';

/**
 * One cell as the source holds it; the JavaScript type is the storage class: null, integer (bigint, 64 bits whole), real
 * (number), text (string, exact), blob (Buffer). Text whose bytes are no valid UTF-8 (or UTF-16) is a RawText, never a string.
 */
export type Cell = null | bigint | number | string | Buffer | RawText;

export class RawText {
  constructor(readonly bytes: Buffer) {}
}

export type StorageClass = 'null' | 'integer' | 'real' | 'text' | 'blob';
export function storageClass(cell: Cell): StorageClass {
  if (cell === null) return 'null';
  if (typeof cell === 'bigint') return 'integer';
  if (typeof cell === 'number') return 'real';
  return Buffer.isBuffer(cell) ? 'blob' : 'text';
}

export type SourceColumn = {
  name: string;
  declared: string;
  notNull: boolean;
  pkPosition: number;
  generated: boolean;
  /** Expression of a generated column, as written. */
  generatedSql: string | null;
  defaultSql: string | null;
  /** BINARY, NOCASE, RTRIM or a name of the application's own. */
  collation: string;
};
export type SourceIndex = {
  name: string;
  unique: boolean;
  /** Indexed columns; null for an expression. */
  columns: (string | null)[];
  partial: boolean;
  sql: string | null;
  /** c: CREATE INDEX, u: UNIQUE, pk: PRIMARY KEY. */
  origin: 'c' | 'u' | 'pk';
  terms: { column: string | null; expression: string | null; collation: string; descending: boolean }[];
  /** Condition of a partial index. */
  where: string | null;
};
export type SourceForeignKey = {
  name: string | null;
  columns: string[];
  table: string;
  /** Columns of the parent; its primary key where none were written. Empty when it has none or is not there. */
  references: string[];
  onDelete: string;
  onUpdate: string;
  /** Checked at commit. */
  deferred: boolean;
};
export type SourceTable = {
  name: string;
  columns: SourceColumn[];
  primaryKey: string[];
  /** The INTEGER PRIMARY KEY, which is the rowid itself. */
  rowidAlias: string | null;
  autoincrement: boolean;
  withoutRowid: boolean;
  strict: boolean;
  /** Column that names the profile, when the table holds several. */
  scopeColumn: string | null;
  indexes: SourceIndex[];
  foreignKeys: SourceForeignKey[];
  checks: { name: string | null; sql: string }[];
  /** Columns of a staged JSON store: what their values are. Absent: a table of a database. */
  staged?: ReadonlyMap<string, StagedColumn>;
};
/** Objects that are no plain tables: listed, never half-copied. */
export type SourceExtra = {
  name: string;
  type: 'view' | 'trigger' | 'virtual' | 'shadow';
  sql: string | null;
  /** Module of a virtual table: fts5, rtree … */
  module?: string | null;
  /** Table of a trigger; virtual table of a shadow. */
  of?: string | null;
  /** Why SQLite cannot use it here: a module, table or function that is not there. */
  broken?: string | null;
};
/** A table (column null) or a generated column that this SQLite cannot read. */
export type Unreadable = { table: string; column: string | null; why: string };
export type SourceSchema = {
  tables: SourceTable[];
  extras: SourceExtra[];
  unreadable: Unreadable[];
  encoding: string;
  journalMode: string;
  userVersion: number;
  fingerprint: string;
  /** What reading a JSON store found. Absent: a database. */
  stagedFindings?: StagedFinding[];
};
