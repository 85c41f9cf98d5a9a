import type { SourceScope } from '@/lib/sources/scope';
import type { SqliteLocation } from '@/lib/sources/sqlite-file';
import type { FindingCode, RuleName } from './finding-types';
import type { Renames } from './target-ddl/design-types';

export type { JsonStore } from '@/lib/sources/json-store/store';
export type { SqliteFiles, TakenFile } from '@/lib/sources/sqlite-files/take-files';
export type { StagedProof } from '@/lib/sources/json-store/prove-staged';
export type { FenceReading } from '@/lib/sources/fence';
export type { SnapshotProof, SqliteSnapshot } from '@/lib/sources/sqlite-snapshot';
export type { FindingCode, Misfit, RuleName } from './finding-types';
export type { DiffMemory, DiffState } from './diff-state';
export type * from './load-types';
export type * from './snapshot-types';
export type * from './target-types';
export type { SqliteLocation, SourceScope };

export type RegistryPlace = {
  schema: string;
  table: string;
  keyColumn: string;
  schemaColumn: string;
  createdColumn: string | null;
  updatedColumn: string | null;
};

/** The profile's place in PostgreSQL: its own schema, its registry row, its rows in shared tables. */
export type TargetPlace = {
  dsn: string;
  sourceId: string;
  schema: string;
  /** The profile's tables where others use the schema too; absent: the whole schema is its own. */
  tables?: readonly string[];
  registry: RegistryPlace | null;
  /** Source table → where its rows of this profile live: a table of a shared schema, rows by key column. */
  sharedTables: readonly { table: string; schema: string; keyColumn: string }[];
  /** Names that differ between source and target; absent: none. */
  renames?: Renames;
};
export type { ClassProfile, Design, Renames } from './target-ddl/design-types';

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
/** What people chose: `ctx.rules()` of a step fits as it is. */
export type ChosenRules = readonly { key: string; rule: string }[];

/** Names a place in a long loop where tests block, fail or kill. */
export type Failpoint = (name: string) => Promise<void>;
export type Log = (level: 'debug' | 'info' | 'note' | 'warn' | 'error', text: string) => void;
/** Exact rows (or bytes) done of total; a step hands it to ctx.progress as it is. */
export type ReportProgress = (progress: {
  unit: 'rows' | 'bytes';
  done: number;
  kept?: number;
  total: number | null;
  parts?: {
    name: string;
    done: number;
    kept?: number;
    total: number | null;
    state: 'queued' | 'running' | 'done' | 'failed';
    endedAt?: string;
  }[];
}) => void;
