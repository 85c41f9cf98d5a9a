/** One value as the source holds it: its storage class and its exact bytes or number. Text is bytes plus encoding, never a lossy string. */
export type SourceValue =
  | { class: 'null' }
  | { class: 'integer'; value: bigint }
  | { class: 'real'; value: number }
  | { class: 'text'; bytes: Buffer }
  | { class: 'blob'; bytes: Buffer };

export type SourceColumn = { name: string; declared: string; notNull: boolean; pkPosition: number; generated: boolean; defaultSql: string | null };
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
export type SourceSchema = { tables: SourceTable[]; extras: SourceExtra[]; encoding: string; journalMode: string; userVersion: number; fingerprint: string };
