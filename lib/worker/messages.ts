import type { FactRow, TaskRule } from './task-parts';
import type { SentFinding } from '@/db/queries/step-state/save-findings';
import type { SentSnapshot } from '@/db/queries/step-state/save-snapshot';
import type { AttemptVerb } from '@/db/schema/cutover';
import type { ErrorFacts } from '@/lib/errors';
import type { ProfileEntry } from '@/lib/fleet/schema';
import type { ProfileMeasure } from '@/lib/services/measure-profile';
import type { TargetQuestion } from '@/lib/services/read-target';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import type { CheckpointResult, PlanLine, Progress, RowDiffSummary } from '@/lib/shared/evidence';
import type { Json } from '@/lib/shared/json';
import type { TargetReading } from '@/lib/shared/machine-reading';
import type { LogLevel } from '@/lib/shared/statuses';
import type { PinnedEntry } from '@/lib/cutover/pin-entry';

/** Everything a child needs to know about one attempt; it has no connection to the control plane. */
export type Task = {
  attemptId: string;
  cutoverId: string;
  /** Shared by cutovers that are switched together. */
  holdId: string;
  epoch: number;
  verb: AttemptVerb;
  stepId: string;
  /** Plans of these steps, in order, are one plan: the steps of the press. */
  planSteps: string[];
  /** A new plan must have this digest before anything is run; null: not asked again. */
  planDigest: string | null;
  entry: PinnedEntry;
  runbook: Runbook;
  facts: FactRow[];
  rules: TaskRule[];
  allowedRoots: string[];
  snapshotDir: string;
  workDir: string;
  secrets: Record<string, string>;
};

export type TaskResult =
  | { kind: 'plan'; digest: string; lines: PlanLine[]; loss: RowDiffSummary | null }
  | { kind: 'verdict'; checkpoints: CheckpointResult[]; facts: { name: string; value: Json }[] }
  | { kind: 'undone' };

export type Ask =
  | { what: 'state-get'; name: string }
  | { what: 'state-set'; name: string; value: Json }
  | { what: 'plan-matched' }
  | { what: 'find-record'; name: string }
  | { what: 'find-kept-snapshots' }
  | { what: 'save-findings'; findings: SentFinding[] }
  | { what: 'save-snapshot'; snapshot: SentSnapshot };
export type TargetReader = (question: TargetQuestion) => Promise<TargetReading>;
export type Measurer = (profile: ProfileEntry, dsn: string, allowedRoots: readonly string[]) => Promise<ProfileMeasure>;

export type ToChild =
  | { type: 'task'; task: Task }
  | { type: 'ping' }
  | { type: 'measure'; profile: ProfileEntry; dsn: string; allowedRoots: string[] }
  | { type: 'read-target'; question: TargetQuestion }
  | { type: 'abort'; code: 'cancelled' | 'deadline_passed' }
  | { type: 'reply'; id: number; value: Json }
  | { type: 'refused'; id: number; error: Required<ErrorFacts> };

export type FromChild =
  | { type: 'ready' }
  | { type: 'log'; at: string; level: LogLevel; stream: 'out' | 'err'; text: string }
  | { type: 'progress'; progress: Progress }
  | { type: 'checking' }
  | { type: 'ask'; id: number; ask: Ask }
  | { type: 'measured'; value: ProfileMeasure }
  | { type: 'target-read'; value: TargetReading }
  | { type: 'done'; result: TaskResult }
  | { type: 'failed'; error: Required<ErrorFacts> };
