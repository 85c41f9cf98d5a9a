import type { SqliteLocation } from '@/lib/sources/sqlite-file';
import type { SourceScope } from '@/lib/sources/scope';
import type { Failpoint, Log, ReportProgress } from '@/lib/dataplane/types';

/** One of the SQLite files of an export, by a name that stands in the manifest; its path never does. */
export type NamedSource = {
  name: string;
  /** A copy that nobody writes to: the export goes on in it after a kill. */
  location: SqliteLocation;
  sha256: string;
  /** Put before its table names, where another source has the same ones. */
  prefix?: string;
};
export type ExportInput = {
  sources: readonly NamedSource[];
  scope: SourceScope;
  /** Folder of the files; made. */
  output: string;
  /** Seals manifest and progress, so that an edit is noticed. */
  key: Buffer;
  /** `table` or `source:table` → why it stays behind. */
  leaveOut?: Readonly<Record<string, string>>;
  /** Stores of the system that are no part of it on purpose → why. */
  excluded?: Readonly<Record<string, string>>;
  /** Rows a batch, 1–100,000. (Default: 10,000) */
  batchRows?: number;
  signal: AbortSignal;
  progress?: ReportProgress;
  log?: Log;
  failpoint?: Failpoint;
};
