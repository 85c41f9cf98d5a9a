import type { RowDiffSummary } from '@/lib/shared/evidence';
import type { SourceScope } from '@/lib/sources/scope';
import type { SqliteLocation } from '@/lib/sources/sqlite-file';
import type { DiffMemory } from './diff-state';
import type { ChosenRules, Failpoint, Log, ReportProgress, TargetPlace } from './types';

export type ImportInput = {
  source: SqliteLocation;
  scope: SourceScope;
  place: TargetPlace;
  rules: ChosenRules;
  cutoverId: string;
  epoch: number;
  /** SHA-256 of the snapshot file: the ledger is bound to it. */
  sourceDigest: string;
  /** Of the design that was planned, where one was: nothing else is built. */
  designDigest?: string | null;
  /** Rows a target transaction, 1–50,000. (Default: 50,000) */
  batchRows?: number;
  maxRowsPerSecond?: number;
  signal: AbortSignal;
  progress?: ReportProgress;
  log?: Log;
  failpoint?: Failpoint;
};
export type ImportReport = {
  rows: string;
  batches: number;
  resumedBatches: number;
  /** Rows of those resumed batches: committed before this run. */
  keptRows: string;
  /** Rows that this run wrote. */
  writtenRows: string;
  durationMs: number;
  altered: string[];
  tables: { table: string; rows: string; batches: number; digest: string }[];
  sequences: SequenceProof[];
};
export type SequenceProof = {
  table: string;
  column: string;
  sequence: string;
  max: string;
  next: string;
  passed: boolean;
};
/** Read again from both sides and from the ledger. */
export type ImportCheck = {
  tables: {
    table: string;
    target: string;
    sourceRows: string;
    ledgerRows: string;
    targetRows: string;
    batches: number;
    passed: boolean;
  }[];
  /** Source tables and columns that were left out, by a chosen rule or by nature. */
  leftOut: string[];
  openFindings: string[];
  sequences: SequenceProof[];
  /** The catalog against the design; null where the system's own DDL made the schema. */
  catalog: { differences: string[]; built: number; notCarried: string[] } | null;
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
  /** Keeps what an interrupted comparison has settled; without it every run begins at the beginning. */
  memory?: DiffMemory;
  signal: AbortSignal;
  progress?: ReportProgress;
  failpoint?: Failpoint;
};
export type DiffReport = RowDiffSummary & { durationMs: number };
export type RepairInput = DiffInput & { cutoverId: string; epoch: number; log?: Log };
export type RepairReport = {
  inserted: string;
  updated: string;
  deleted: string;
  durationMs: number;
  tables: { table: string; inserted: string; updated: string; deleted: string }[];
  /** At most 50 rows of what was repaired. */
  sample: RowDiffSummary['sample'];
  sequences: SequenceProof[];
};
