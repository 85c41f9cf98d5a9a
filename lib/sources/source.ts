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
  defaultSql: string | null;
};
export type SourceTable = {
  name: string;
  columns: SourceColumn[];
  primaryKey: string[];
  withoutRowid: boolean;
  strict: boolean;
  /** Column that names the profile, when the table holds several. */
  scopeColumn: string | null;
  indexes: { name: string; unique: boolean; columns: (string | null)[]; partial: boolean; sql: string | null }[];
  foreignKeys: { columns: string[]; table: string; references: string[]; onDelete: string }[];
};
/** Objects that are no plain tables: listed, never half-copied. */
export type SourceExtra = { name: string; type: 'view' | 'trigger' | 'virtual' | 'shadow'; sql: string | null };
export type SourceSchema = {
  tables: SourceTable[];
  extras: SourceExtra[];
  encoding: string;
  journalMode: string;
  userVersion: number;
  fingerprint: string;
};
