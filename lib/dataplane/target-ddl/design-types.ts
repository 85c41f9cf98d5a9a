import type { ChosenRules, Finding, TargetPlace } from '@/lib/dataplane/types';

/** Values of one column by storage class, as the file holds them. */
export type ColumnClasses = {
  null: bigint;
  integer: bigint;
  real: bigint;
  text: bigint;
  blob: bigint;
  /** No integer but 0 and 1. */
  onlyBits: boolean;
  /** No infinite real. */
  finite: boolean;
};
export type TableClasses = {
  rows: bigint;
  columns: ReadonlyMap<string, ColumnClasses>;
  /** Rows of a check (by its text) that does not hold, where there are any. */
  broken: ReadonlyMap<string, bigint>;
};
/** By table; rows of the whole file where no scope is given. */
export type ClassProfile = ReadonlyMap<string, TableClasses>;

export type ObjectKind =
  | 'primary key'
  | 'unique'
  | 'check'
  | 'default'
  | 'generated column'
  | 'index'
  | 'foreign key'
  | 'collation';
/** One statement that is run when all rows are in. Its name is that of the constraint, index or column it makes; `of` is a check's own text. */
export type AfterStatement = { kind: ObjectKind; table: string; name: string; sql: string; of?: string };
/** Something of the source that the target will not have. `table` and `object` in the source's names. */
export type NotCarried = {
  table: string;
  object: string;
  kind: ObjectKind;
  why: string;
  byRule?: boolean;
  /** Whether the collation let a unique index refuse rows. */
  guards?: boolean;
};
/** Old name → new name, of tables and of columns by old table name. */
export type Renames = {
  tables: Readonly<Record<string, string>>;
  columns: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** The default target of a source: what is made before the rows come, and after. JSON but for the findings. */
export type Design = {
  schema: string;
  create: string[];
  after: AfterStatement[];
  notCarried: NotCarried[];
  renames: Renames;
  findings: Finding[];
};
export type DesignInput = { place: TargetPlace; rules: ChosenRules };

/** How a value behaves in an expression. */
export type Family = 'int' | 'real' | 'numeric' | 'text' | 'bytea' | 'bool' | 'time' | 'null';
/** A column as an expression of its table sees it. */
export type SeenColumn = { target: string; type: string; declared: string; collation: string; generated: boolean };
