import type { Failpoint, Log, TargetPlace } from './types';

export type TargetFenceReading = {
  state: 'absent' | 'complete' | 'partial';
  triggers: string[];
  missing: string[];
  sql: string[];
  undo: string[];
};

export type PgTools = { binDir: string; pgDump: string; pgRestore: string; version: string; major: number };
export type TargetSnapshotInput = {
  place: TargetPlace;
  /** Used for dump and restore where the profile's own role may not; else place.dsn. */
  adminDsn?: string;
  /** Folder of this snapshot; made, 0700. */
  dir: string;
  tools: PgTools;
  signal: AbortSignal;
  log?: Log;
  failpoint?: Failpoint;
};
export type TableManifest = { table: string; rows: string; sha256: string; owner: string; grants: string[] };
export type TargetManifest = {
  version: 1;
  schema: string;
  sourceId: string;
  /** true: there was no schema to dump; a restore then removes it. */
  absent: boolean;
  owner: string | null;
  grants: string[];
  tables: TableManifest[];
  /** Registry and shared rows of this profile, each a COPY text file with its digest. */
  rows: {
    schema: string;
    table: string;
    keyColumn: string;
    columns: string[];
    rows: string;
    file: string;
    sha256: string;
  }[];
  dump: { file: string; bytes: string; sha256: string; pgDump: string } | null;
  serverVersion: number;
  exportedSnapshot: string;
  takenAt: string;
};
export type TargetSnapshot = {
  dir: string;
  manifest: TargetManifest;
  digest: string;
  bytes: string;
  durationMs: number;
};
export type TargetSnapshotProof = {
  passed: boolean;
  problems: string[];
  tables: number;
  entries: number;
  digest: string;
  bytes: string;
};
export type RestoreInput = TargetSnapshotInput & { cutoverId: string; epoch: number };
export type RestoreReport = {
  outcome: 'restored' | 'absent_restored' | 'already_restored';
  aside: string | null;
  tables: { table: string; rows: string; passed: boolean }[];
  registryRows: number;
  problems: string[];
  durationMs: number;
};
