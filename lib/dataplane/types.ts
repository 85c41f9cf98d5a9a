import type { SourceScope } from '@/lib/sources/scope';
import type { SqliteLocation } from '@/lib/sources/sqlite-file';
import type { RowDiffSummary } from '@/lib/shared/evidence';

export type { SqliteLocation, SourceScope };

export type RegistryPlace = {
  schema: string; table: string; keyColumn: string; schemaColumn: string;
  createdColumn: string | null; updatedColumn: string | null;
};

/** The profile's place in PostgreSQL: its own schema, its registry row, its rows in shared tables. */
export type TargetPlace = {
  dsn: string;
  sourceId: string;
  schema: string;
  registry: RegistryPlace | null;
  /** Source table → where its rows of this profile live: a table of a shared schema, rows by key column. */
  sharedTables: readonly { table: string; schema: string; keyColumn: string }[];
};

/** The member shapes of NewFinding in lib/steps/step.ts, so that a step can save them as they are. */
export type Finding = {
  /** `table.column.code`; stable over runs. */
  key: string;
  code: FindingCode;
  table: string;
  column: string | null;
  count: bigint;
  message: string;
  sample: { key: string; value: string }[];
  rules: { name: RuleName; effect: string }[];
  blocking: boolean;
};
export type FindingCode =
  | 'table_without_target' | 'column_without_target' | 'target_column_without_source' | 'table_without_scope'
  | 'object_not_moved' | 'generated_column' | 'type_not_supported' | 'load_trigger'
  | 'integer_out_of_range' | 'nul_in_text' | 'invalid_utf8' | 'class_differs' | 'null_in_not_null' | 'too_long'
  | 'empty_text' | 'bad_value' | 'duplicate_key' | 'orphan_rows'
  | 'schema_name_too_long' | 'schema_name_reserved' | 'schema_name_taken';
export type RuleName =
  | 'leave-out' | 'take-whole' | 'accept'
  | 'widen-to-bigint' | 'strip-nul' | 'escape-nul' | 'escape-bytes' | 'empty-to-null' | 'set-null' | 'widen-to-text'
  | 'convert-exact' | 'drop-not-null' | 'leave-out-rows' | 'keep-target-value';
/** What people chose: `ctx.rules()` of a step fits as it is. */
export type ChosenRules = readonly { key: string; rule: string }[];

/** Names a place in a long loop where tests block, fail or kill. */
export type Failpoint = (name: string) => Promise<void>;
export type Log = (level: 'debug' | 'info' | 'note' | 'warn' | 'error', text: string) => void;
/** Exact rows (or bytes) done of total; a step hands it to ctx.progress as it is. */
export type ReportProgress = (progress: {
  unit: 'rows' | 'bytes'; done: number; total: number | null;
  parts?: { name: string; done: number; total: number | null; state: 'queued' | 'running' | 'done' | 'failed'; endedAt?: string }[];
}) => void;

export type TargetColumn = {
  name: string;
  /** pg_type.typname: int4, int8, text, varchar, timestamptz, jsonb … */
  type: string;
  /** As PostgreSQL prints it: "character varying(40)". */
  typeText: string;
  /** varchar(n)/char(n) length, else null. */
  maxChars: number | null;
  /** numeric(p,s), else null. */
  precision: number | null; scale: number | null;
  notNull: boolean;
  defaultSql: string | null;
  identity: boolean; generated: boolean;
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
  foreignKeys: { name: string; columns: string[]; schema: string; table: string; references: string[]; validated: boolean; deferrable: boolean; definition: string }[];
  indexes: { name: string; definition: string }[];
  checks: { name: string; definition: string }[];
  triggers: { name: string; definition: string; /** fires on INSERT for each row, BEFORE */ changesLoad: boolean }[];
};
/** JSON only: may be stored as a contract and compared later. */
export type TargetSchema = { schema: string; exists: boolean; owner: string | null; tables: TargetTable[]; fingerprint: string; serverVersion: number };

export type ColumnMapping = { source: string; target: string; type: TargetColumn; notNull: boolean };
export type TableMapping = {
  source: string;
  target: { schema: string; table: string };
  columns: ColumnMapping[];
  /** Source column and value that select this profile's rows; null = whole table. */
  scope: { column: string; value: string } | null;
  /** Conditions over the source table that keep its rows; each leaves rows out by a chosen rule. */
  keep: { sql: string; because: string }[];
  /** Shared table: rows of this profile by key column, upserted, others untouched. */
  shared: { keyColumn: string } | null;
  /** Source key columns, all mapped; empty = compared as a multiset. */
  key: string[];
};
export type TablePlan = { tables: TableMapping[]; findings: Finding[]; notMoved: string[] };

export type SqliteSnapshot = { path: string; bytes: string; sha256: string; pages: number; takenAt: string; durationMs: number };
export type SnapshotProof = {
  path: string; bytes: string; sha256: string;
  /** Empty = `integrity_check` said ok. */
  integrity: string[];
  foreignKeyViolations: { table: string; count: string }[];
  tables: { table: string; rows: string; /** rows of this profile; null when the table has no scope column */ scoped: string | null }[];
  schemaFingerprint: string; encoding: string; userVersion: number;
  passed: boolean;
};

export type ImportInput = {
  source: SqliteLocation;
  scope: SourceScope;
  place: TargetPlace;
  rules: ChosenRules;
  cutoverId: string;
  epoch: number;
  /** SHA-256 of the snapshot file: the ledger is bound to it. */
  sourceDigest: string;
  /** Rows a target transaction, 1–50,000. (Default: 2000) */
  batchRows?: number;
  maxRowsPerSecond?: number;
  signal: AbortSignal;
  progress?: ReportProgress; log?: Log; failpoint?: Failpoint;
};
export type ImportReport = {
  rows: string; batches: number; resumedBatches: number; durationMs: number; altered: string[];
  tables: { table: string; rows: string; batches: number; digest: string }[];
  sequences: SequenceProof[];
};
export type SequenceProof = { table: string; column: string; sequence: string; max: string; next: string; passed: boolean };
/** Read again from both sides and from the ledger. */
export type ImportCheck = {
  tables: { table: string; target: string; sourceRows: string; ledgerRows: string; targetRows: string; batches: number; passed: boolean }[];
  /** Source tables and columns that were left out, by a chosen rule or by nature. */
  leftOut: string[];
  openFindings: string[];
  sequences: SequenceProof[];
  /** SHA-256 over the ledger's batch digests, in order. */
  ledgerDigest: string;
  passed: boolean;
};

export type DiffInput = {
  source: SqliteLocation;
  scope: SourceScope;
  place: TargetPlace;
  rules: ChosenRules;
  /** "source snapshot of 02:03:41", "freeze since 02:30:00". */
  holdsAt: string;
  /** Source table names; all planned ones when absent. */
  tables?: readonly string[];
  /** Rows of the sample, at most 50. (Default: 50) */
  sampleRows?: number;
  signal: AbortSignal;
  progress?: ReportProgress; failpoint?: Failpoint;
};
export type DiffReport = RowDiffSummary & { durationMs: number };
export type RepairInput = DiffInput & { cutoverId: string; epoch: number; log?: Log };
export type RepairReport = {
  inserted: string; updated: string; deleted: string; durationMs: number;
  tables: { table: string; inserted: string; updated: string; deleted: string }[];
  /** At most 50 rows of what was repaired. */
  sample: RowDiffSummary['sample'];
  sequences: SequenceProof[];
};

export type FenceReading = {
  state: 'absent' | 'complete' | 'partial';
  triggers: string[];
  missing: string[];
  /** Tables of the file that a trigger cannot guard (virtual tables). */
  unguarded: string[];
  sql: string[]; undo: string[];
};
export type TargetFenceReading = { state: 'absent' | 'complete' | 'partial'; triggers: string[]; missing: string[]; sql: string[]; undo: string[] };

export type PgTools = { binDir: string; pgDump: string; pgRestore: string; version: string; major: number };
export type TargetSnapshotInput = {
  place: TargetPlace;
  /** Used for dump and restore where the profile's own role may not; else place.dsn. */
  adminDsn?: string;
  /** Folder of this snapshot; made, 0700. */
  dir: string;
  tools: PgTools;
  signal: AbortSignal;
  log?: Log; failpoint?: Failpoint;
};
export type TableManifest = { table: string; rows: string; sha256: string; owner: string; grants: string[] };
export type TargetManifest = {
  version: 1;
  schema: string; sourceId: string;
  /** true: there was no schema to dump; a restore then removes it. */
  absent: boolean;
  owner: string | null; grants: string[];
  tables: TableManifest[];
  /** Registry and shared rows of this profile, each a COPY text file with its digest. */
  rows: { schema: string; table: string; keyColumn: string; columns: string[]; rows: string; file: string; sha256: string }[];
  dump: { file: string; bytes: string; sha256: string; pgDump: string } | null;
  serverVersion: number; exportedSnapshot: string; takenAt: string;
};
export type TargetSnapshot = { dir: string; manifest: TargetManifest; digest: string; bytes: string; durationMs: number };
export type TargetSnapshotProof = { passed: boolean; problems: string[]; tables: number; entries: number; digest: string; bytes: string };
export type RestoreInput = TargetSnapshotInput & { cutoverId: string; epoch: number };
export type RestoreReport = {
  outcome: 'restored' | 'absent_restored' | 'already_restored';
  aside: string | null;
  tables: { table: string; rows: string; passed: boolean }[];
  registryRows: number;
  problems: string[];
  durationMs: number;
};
