import type { Db } from '@/db/client';
import { workerDeadMs } from '@/lib/shared/worker-times';
import type { PlanChildren } from './plan-children';
import type { StepProcess } from './step-process';

export type WorkerSettings = {
  /** Attempts at once. (Default: 4) */
  concurrency: number;
  /** Between heartbeats, own-attempt checks and sweeps. (Default: 2000) */
  beatMs: number;
  /** A worker silent for this long is dead. (Default: 10000) */
  deadMs: number;
  /** How long a process that made plans is kept for the next. (Default: 60000) */
  planIdleMs: number;
  /** The queue's own poll, a fallback of its notifications. (Default: 500) */
  pollMs: number;
  /** A worker with room that lets a job wait for this long takes none any more. (Default: 60000) */
  untakenMs: number;
};
export const defaultSettings: WorkerSettings = {
  concurrency: 4,
  beatMs: 2_000,
  deadMs: workerDeadMs,
  pollMs: 500,
  planIdleMs: 60_000,
  untakenMs: 60_000,
};

/** An attempt this worker runs now. */
export type Held = { epoch: number; child: StepProcess; cancelled: boolean; lost: boolean };

export type WorkerEnv = {
  id: string;
  db: Db;
  /** CUTOVER_HOME */
  home: string;
  childPath: string;
  settings: WorkerSettings;
  held: Map<string, Held>;
  planChildren: PlanChildren;
  secrets(): Record<string, string>;
  allowedRoots(): string[];
};
