import type { Finding } from './types';

export type TargetColumn = {
  name: string;
  /** pg_type.typname: int4, int8, text, varchar, timestamptz, jsonb … */
  type: string;
  /** As PostgreSQL prints it: "character varying(40)". */
  typeText: string;
  /** varchar(n)/char(n) length, else null. */
  maxChars: number | null;
  /** numeric(p,s), else null. */
  precision: number | null;
  scale: number | null;
  notNull: boolean;
  defaultSql: string | null;
  identity: boolean;
  generated: boolean;
  /** Sequence owned by the column, quoted and qualified. */
  sequence: string | null;
};
export type TargetTable = {
  schema: string;
  name: string;
  owner: string;
  columns: TargetColumn[];
  primaryKey: string[];
  /** Unique indexes without expression or predicate, primary key included. */
  uniqueKeys: { name: string; columns: string[]; nullsDistinct: boolean }[];
  foreignKeys: {
    name: string;
    columns: string[];
    schema: string;
    table: string;
    references: string[];
    validated: boolean;
    deferrable: boolean;
    definition: string;
    /** Designed, and built when the rows are in. */
    pending?: boolean;
  }[];
  /** `columns`: plain columns of the key, without expressions. */
  indexes: { name: string; definition: string; columns: string[] }[];
  checks: { name: string; definition: string }[];
  triggers: { name: string; definition: string /** fires on INSERT */; changesLoad: boolean }[];
};
/** JSON only: may be stored as a contract and compared later. */
export type TargetSchema = {
  schema: string;
  exists: boolean;
  owner: string | null;
  tables: TargetTable[];
  fingerprint: string;
  serverVersion: number;
  /** Made from the source by us, so that rules may add to it. */
  designed?: boolean;
};

export type ColumnMapping = {
  source: string;
  target: string;
  type: TargetColumn;
  notNull: boolean;
  /** Texts of the column are tokens of JSON numbers. */
  tokens?: boolean;
};
export type TableMapping = {
  source: string;
  /** Its name in reports, where a source table has two mappings. */
  label?: string;
  target: { schema: string; table: string };
  columns: ColumnMapping[];
  /** Source column and value that select this profile's rows; null = whole table. */
  scope: { column: string; value: string } | null;
  /** Conditions over the source table that keep its rows; each leaves rows out by a chosen rule. */
  keep: { sql: string; because: string }[];
  /** Indexes of the target that a chosen rule drops. */
  dropIndexes?: string[];
  /** Of those, unique ones that an index over digests takes the place of. */
  digestIndexes?: { name: string; columns: string[] }[];
  /** Shared table: rows of this profile by key column, upserted, others untouched. */
  shared: { keyColumn: string } | null;
  /** Columns that both sides compute: compared, not copied. */
  computed?: ColumnMapping[];
  /** Source column → SQL that is read in its place, by a chosen rule. */
  reads?: Readonly<Record<string, string>>;
  /** Source key columns, all mapped; empty = compared as a multiset. */
  key: string[];
};
export type TablePlan = { tables: TableMapping[]; findings: Finding[]; notMoved: string[] };
